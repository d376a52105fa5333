#!/usr/bin/env bash
# Everything that must hold, cheapest first; --long adds what takes many minutes (a virtual machine, many kills). On a
# machine that lacks a tool the tests that need it say so and are skipped; under CI they fail when the tool is there and
# they were skipped all the same.
set -euo pipefail
cd "$(dirname "$0")/.."
export CHECKPOINT_DISABLE=1
. scripts/install.sh

projects=(--project fast --project real)
if [ "${1:-}" = --long ]; then
  projects+=(--project long)
  shift
fi

section() { printf '\n== %s\n' "$1" >&2; }
section "format and lint"
npm run --silent lint
section "types"
npm run --silent typecheck
section "tests"
mkdir -p build
npx vitest run "${projects[@]}" --reporter=default --reporter=json --outputFile.json=build/tests.json "$@"
