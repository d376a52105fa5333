#!/usr/bin/env bash
# Puts a workflow's SSH key into a file that only its owner reads, where ssh can take it:  ./scripts/credentials.sh [forget]
# Reads SSH_KEY; later steps find the file's name in IDENTITY. On your own machine use ssh-agent.
set -euo pipefail
folder=${RUNNER_TEMP:?only a workflow has it}/olympus
rm -rf "$folder"
if [ "${1:-}" = forget ]; then exit; fi

umask 077
mkdir "$folder"
printf '%s\n' "${SSH_KEY:?the secret of that name is empty}" >"$folder/ssh"
ssh-keygen -y -P "" -f "$folder/ssh" >/dev/null || {
  echo "SSH_KEY is not a private key without a passphrase" >&2
  exit 1
}
echo "IDENTITY=$folder/ssh" >>"$GITHUB_ENV"
