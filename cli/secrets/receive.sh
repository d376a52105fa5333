# Runs on the machine as root, with sh -eu: takes the archive of secrets from standard input. $sum is the checksum of the
# names that must be in it; with anything else the old files stay.
umask 077
config=/opt/olympus/config
mkdir -p "$config"
# What a killed push has left: nobody needs it, and it is in clear.
find "$config" -maxdepth 1 -name '.incoming.*' -mmin +10 -exec rm -rf {} +
incoming=$(mktemp -d "$config/.incoming.XXXXXX")
trap 'rm -rf "$incoming"' EXIT
tar -x --no-same-owner -p -C "$incoming"
paths=$(cd "$incoming" && find . -type f | sed 's|^\./||' | LC_ALL=C sort)

names() { { cut -d= -f1 "$1/secrets.env"; printf '%s\n' "$paths"; } | sha256sum | cut -d' ' -f1; }
[ "$(names "$incoming")" = "$sum" ] || { echo "the received files are not the ones that were sent" >&2; exit 1; }
sync

printf '%s\n' "$paths" | while IFS= read -r path; do
  mkdir -p -m 755 "$config/$(dirname "$path")"
  mv -f "$incoming/$path" "$config/$path"
done
sync
names "$config"
