#!/usr/bin/env bash
# Deploys an environment and the zone it is in:  ENV=staging ./scripts/provision.sh [--sandbox [--machines]] [--yes]
# With --sandbox, to emulated clouds on this computer (--machines: the server boots, as root); without, for real.
# Safe to run again, also after a failure.
set -euo pipefail
case " $* " in *" --help "* | *" -h "*) sed -n '2,/^set/s/^# //p' "$0" && exit ;; esac
cd "$(dirname "$0")/.."

missing=()
: "${ENV:=}"
# sudo takes the variables of the shell away, but for those that stand behind it.
[ -n "$ENV" ] || missing+=("ENV: say which environment, ${SUDO_USER:+and behind sudo: sudo }ENV=staging ./scripts/provision.sh")
if ! command -v node >/dev/null; then
  missing+=("node: install Node.js 20.9 or later")
elif ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 9) ? 0 : 1)'; then
  missing+=("node: this is $(node --version), 20.9 or later is needed")
fi
command -v npm >/dev/null || missing+=("npm: install it with Node.js")

terraform=${TERRAFORM_BINARY_NAME:-}
[ -n "$terraform" ] || terraform=$(command -v terraform >/dev/null && echo terraform || echo tofu)
if ! command -v "$terraform" >/dev/null; then
  missing+=("terraform: install Terraform 1.10 or OpenTofu 1.10, or later")
else
  version=$("$terraform" version -json 2>/dev/null | tr -d ' \n' | sed -n 's/.*"terraform_version":"\([0-9]*\.[0-9]*\).*/\1/p')
  [ "$(printf '%s\n' 1.10 "${version:-0}" | sort -V | head -n 1)" = 1.10 ] || missing+=("$terraform: this is ${version:-unknown}, 1.10 or later is needed")
fi

if [ ${#missing[@]} -gt 0 ]; then
  printf 'Missing: %s\n' "${missing[@]}" >&2
  exit 1
fi
export TERRAFORM_BINARY_NAME=$terraform CHECKPOINT_DISABLE=1

. scripts/install.sh
exec node scripts/run.mjs provision "$ENV" "$@"
