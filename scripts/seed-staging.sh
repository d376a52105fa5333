#!/usr/bin/env bash
# Fills staging with synthetic people:  ./scripts/seed-staging.sh [--preset document] [--users 1000] …
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/install.sh
exec node scripts/run.mjs seed staging "$@"
