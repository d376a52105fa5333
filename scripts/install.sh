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
  echo "Installing the program's dependencies ..." >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
fi
