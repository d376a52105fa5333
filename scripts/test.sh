#!/usr/bin/env bash
# What must hold, cheapest first:  ./scripts/test.sh [--all | --long] [arguments of vitest]
# By itself: format, lint, types, and the tests that need Node and an operator's tools (Terraform, ssh, jq). --all adds
# those on machines, which need root and half an hour of building the first time; --long also what takes many minutes.
set -euo pipefail
case "${1:-}" in --help | -h) sed -n '2,/^set/s/^# //p' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
export CHECKPOINT_DISABLE=1
. scripts/install.sh

prepared=(tools)
projects=(--project node --project tools)
case "${1:-}" in
  --all) projects+=(--project machine) prepared=() && shift ;;
  --long) projects+=(--project machine --project long) prepared=(long) && shift ;;
esac

section() { printf '\n== %s\n' "$1" >&2; }
section "what this computer lacks"
npm run --silent test:prepare -- "${prepared[@]}" --ask
section "format and lint"
npm run --silent lint
section "types"
npm run --silent typecheck
section "prepare"
npm run --silent test:prepare -- "${prepared[@]}"
section "tests"
mkdir -p build
rc=0
npx vitest run "${projects[@]}" --reporter=default --reporter=json --outputFile.json=build/tests.json "$@" || rc=$?
section "versions"
OLYMPUS_PREPARED=1 node scripts/run.mjs __tests__/support/versions.ts || rc=1
exit "$rc"
