#!/usr/bin/env bash
# Asks an environment from outside whether it is well:  ./scripts/smoke-test.sh staging [--json] …
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/install.sh
exec node scripts/run.mjs smoke "$@"
