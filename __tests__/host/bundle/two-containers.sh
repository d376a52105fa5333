#!/bin/bash
# Stands in for podman where one container takes the place of another. Containers are files: id, state, and whether they become healthy.
# Each command is noted, with where Caddy leads who asks for $SERVICE. A limit of memory is $LIMIT bytes.
cd "$FOLDER/containers" || exit
leads=$(cat "$FOLDER/run/edge/upstreams/$SERVICE" 2>/dev/null)
last=${!#}
note() { echo "$1 ${last#olympus-} while Caddy leads to $leads" >>"$FOLDER/noted"; }
of() { cut -d ' ' -f "$2" "$1" 2>/dev/null; }
case "$1 $2" in
  "ps -a")
    name=$(grep -o 'name=[^ ]*' <<<"$*" | head -1)
    for one in *; do
      [[ $one =~ ${name#name=} ]] || continue
      if [[ $* = *.ID* ]]; then echo "$one $(of "$one" 1) $(of "$one" 2)"; else echo "$one"; fi
    done ;;
  "container exists") [ -e "$last" ] ;;
  "container inspect")
    [ -e "$last" ] || exit 1
    case "$*" in
      *State.Running*) if [ "$(of "$last" 2)" = running ]; then echo true; else echo false; fi ;;
      *Healthcheck*) ;;
      *olympus.version*) echo "$(of "$last" 1) $(cat "$FOLDER/version")" ;;
      *olympus.shares*) echo "$(of "$last" 1) $(cat "$FOLDER/shares")" ;;
      *HostConfig.Memory*) echo "$LIMIT" ;;
      *.Id*) of "$last" 1 ;;
      *) echo '[{"HostConfig":{"Memory":1},"Image":"i","Mounts":[{"Source":"/a","Destination":"/b"}],
        "Config":{"Env":["A=b c"],"Cmd":["serve","--watch-courier"],"Healthcheck":{"Test":["CMD","true"]}}}]' ;;
    esac ;;
  "secret ls") printf 'ciam-kratos.DSN\nciam-kratos.SECRETS_COOKIE\niam-kratos.DSN\n' ;;
  "exec olympus-caddy") ;;
  exec*) [ "$(of "$2" 3)" = well ] ;;
  "healthcheck run") note ask; [ "$(of "$last" 3)" = well ] ;;
  rename*) note rename; mv "$2" "$3" ;;
  rm*) note remove; rm -f "$last" ;;
  start*) note start; sed -i 's/ [a-z]* / running /' "$last" ;;
  stop*) note stop; sed -i 's/ running / exited /' "$last" ;;
  run*) note run; printf '%s\n' "$@" >"$FOLDER/run-with"; echo "trial running $(of olympus-ciam-kratos 3)" >olympus-ciam-kratos-trial ;;
  wait*) note wait; echo 0 ;;
  logs*) ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
