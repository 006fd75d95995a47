#!/usr/bin/env bash
# Whether a deployment works, seen from outside.   deploy/smoke.sh http://HOST SECRETS   (SECRETS: directory of the signing key)
set -euo pipefail

host=$1
secrets=$2
ccc=${CCC:-.venv/bin/ccc}
services=(registry sampling inspection cases reporting)

status() { curl -sS -o "${3:-/dev/null}" -w '%{http_code}' "$1" ${2:+-H "Authorization: Bearer $2"}; }

expect() {  # what, wanted, got
  [[ $2 == "$3" ]] || { echo "FAILED  $1: wanted $2, got $3" >&2; exit 1; }
  echo "ok      $1"
}

for index in "${!services[@]}"; do
  name=${services[index]}
  url=$host:$((8101 + index))
  expect "$name lives" 200 "$(status "$url/livez")"
  expect "$name is ready" 200 "$(status "$url/readyz")"
  expect "$name describes its API" 200 "$(status "$url/openapi.json")"
  expect "$name shows its docs" 200 "$(status "$url/docs")"
done
