#!/usr/bin/env bash
# Puts a workflow's keys into files that only their owner reads:  ./scripts/credentials.sh [forget]
# SSH_KEY: where ssh can take it, named in IDENTITY for later steps. STATE_ACCESS_KEY_ID and STATE_SECRET_ACCESS_KEY of STACK, or
# with a stack's name behind them (STATE_ACCESS_KEY_ID_PROD): a profile each, olympus-prod, of the file that Terraform reads. On your
# own machine use ssh-agent and ~/.aws/credentials.
set -euo pipefail
folder=${RUNNER_TEMP:?only a workflow has it}/olympus
rm -rf "$folder"
if [ "${1:-}" = forget ]; then exit; fi

umask 077
mkdir "$folder"
if [ -n "${SSH_KEY+set}" ]; then
  printf '%s\n' "${SSH_KEY:?the secret of that name is empty}" >"$folder/ssh"
  ssh-keygen -y -P "" -f "$folder/ssh" >/dev/null || {
    echo "SSH_KEY is not a private key without a passphrase" >&2
    exit 1
  }
  echo "IDENTITY=$folder/ssh" >>"$GITHUB_ENV"
fi

: >"$folder/state"
for name in $(compgen -e STATE_ACCESS_KEY_ID || true); do
  stack=${name#STATE_ACCESS_KEY_ID} secret=STATE_SECRET_ACCESS_KEY${name#STATE_ACCESS_KEY_ID}
  stack=${stack#_}
  stack=${stack:-${STACK:?whose state it opens}}
  stack=${stack,,}
  if [ -z "${!name}" ]; then
    echo "no $name: Terraform sees the state of $stack on this runner alone" >&2
    continue
  fi
  printf '[olympus-%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "${stack//_/-}" "${!name}" "${!secret:?}" >>"$folder/state"
done
echo "AWS_SHARED_CREDENTIALS_FILE=$folder/state" >>"$GITHUB_ENV"
