# Sourced: installs the program's dependencies unless they are there already, from this very lock file: package.json's
# `prepare` keeps a copy of it, whoever installs.
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "Installing the program's dependencies ..." >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
fi
