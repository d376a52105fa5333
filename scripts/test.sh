#!/usr/bin/env bash
# Everything that must hold, cheapest first. On a machine that lacks a tool the tests that need it say so and are skipped;
# under CI they fail when the tool is there and they were skipped all the same.
set -euo pipefail
cd "$(dirname "$0")/.."
export CHECKPOINT_DISABLE=1
. scripts/install.sh

section() { printf '\n== %s\n' "$1" >&2; }
section "format and lint"
npm run --silent lint
section "types"
npm run --silent typecheck
section "tests"
mkdir -p build
npx vitest run --reporter=default --reporter=json --outputFile.json=build/tests.json "$@"
