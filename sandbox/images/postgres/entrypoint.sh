#!/bin/bash
# Stand-in for the entrypoint of docker.io/library/postgres:18: the same variables, folders and refusals, as far as a
# compose file can see them. POSTGRES_*[_FILE], PGDATA, /docker-entrypoint-initdb.d, a data folder one level up.
set -Eeuo pipefail

# Value of a variable, or of the file that its _FILE twin names. Both at once is an error.
setting() {
  local name=$1 default=${2:-} file_name="${1}_FILE"
  if [ -n "${!name:-}" ] && [ -n "${!file_name:-}" ]; then
    echo "error: $name and $file_name are both set; set one" >&2
    exit 1
  fi
  if [ -n "${!file_name:-}" ]; then cat "${!file_name}"; else printf '%s' "${!name:-$default}"; fi
}

refuse_old_mount() {
  local old
  for old in /var/lib/postgresql /var/lib/postgresql/data /var/lib/postgresql/*/docker; do
    if [ "$old" != "$PGDATA" ] && [ -s "$old/PG_VERSION" ]; then
      echo "error: $old holds a database of another version; migrate it first" >&2
      exit 1
    fi
  done
  if mountpoint -q /var/lib/postgresql/data; then
    echo "error: /var/lib/postgresql/data is a mount, which 18 does not use; mount /var/lib/postgresql instead" >&2
    exit 1
  fi
}

initialise() {
  local user password database
  user=$(setting POSTGRES_USER postgres)
  password=$(setting POSTGRES_PASSWORD)
  database=$(setting POSTGRES_DB "$user")
  if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo "error: POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE is needed for a new database" >&2
    exit 1
  fi
  eval 'initdb --username="$user" --pwfile=<(printf "%s\n" "$password") '"${POSTGRES_INITDB_ARGS:-}"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  # Only a socket, so that nobody outside meets a half-initialised database.
  PGUSER=$user pg_ctl -D "$PGDATA" -o "$(own_settings "$@") -c listen_addresses=''" -w start
  export PGUSER=$user PGPASSWORD=$password
  if [ "$database" != postgres ]; then
    psql -v ON_ERROR_STOP=1 --no-psqlrc --dbname postgres --set db="$database" <<<'CREATE DATABASE :"db";'
  fi
  export PGDATABASE=$database
  run_init_files
  unset PGUSER PGPASSWORD PGDATABASE
  pg_ctl -D "$PGDATA" -m fast -w stop
  echo "PostgreSQL init process complete; ready for start up."
}

# The settings of the command line, quoted for pg_ctl.
own_settings() {
  [ "${1:-}" = postgres ] && shift
  [ $# -eq 0 ] || printf '%q ' "$@"
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh)
        # shellcheck source=/dev/null
        if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | psql -v ON_ERROR_STOP=1 --no-psqlrc ;;
      *) [ ! -e "$file" ] || echo "ignored: $file" ;;
    esac
  done
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
[ "${1:-}" = postgres ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 1777 /var/lib/postgresql
  chmod 700 "$PGDATA"
  chmod 3777 /var/run/postgresql
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres:postgres '{}' +
  exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  refuse_old_mount
  initialise "$@"
fi
exec "$@"
