# Sourced: asks for a Node.js that is new enough, and installs the program's dependencies unless they are there already, from this
# very lock file: package.json's `prepare` keeps a copy of it, whoever installs.
if ! command -v node >/dev/null; then
  echo "node is missing: install Node.js 20.9 or later (https://nodejs.org)" >&2
  exit 1
elif ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 9) ? 0 : 1)'; then
  echo "node: this is $(node --version), 20.9 or later is needed (https://nodejs.org)" >&2
  exit 1
fi
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "Installing $(grep -c '^    "node_modules/' package-lock.json) npm packages, and making the bindings of the hcloud provider: a minute or two ..." >&2
  # Ends with this script, however that ends; its sleep holds nothing that a caller reads to the end.
  (while sleep 15 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do echo "  still installing after ${SECONDS} s" >&2; done) &
  installing=$!
  npm ci --no-audit --no-fund --loglevel=error >/dev/null || {
    kill "$installing"
    echo "npm ci failed, for the reason above. Is npm's registry reached (npm ping)? The same command begins again from here." >&2
    exit 1
  }
  kill "$installing"
  wait "$installing" 2>/dev/null || true
  echo "Installed in ${SECONDS} s." >&2
fi
