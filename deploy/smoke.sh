#!/usr/bin/env bash
# Whether a deployment works, seen from outside.   deploy/smoke.sh http://HOST SECRETS   (SECRETS: directory of the signing key)
set -euo pipefail

host=$1
secrets=$2
ccc=${CCC:-.venv/bin/ccc}
mapfile -t services < "$(dirname "${BASH_SOURCE[0]}")/../shared/core/services.txt"

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

# A journey: a file of certificates goes into registry, its facts travel over the broker, sampling's library fills and a campaign is published.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$(dirname "$ccc")/python" -c "
import sys, pathlib
from deploy.demo.province import generate
from deploy.demo.province.files import write_certificates
write_certificates(generate(2024, 100), pathlib.Path(sys.argv[1]))" "$scratch/certificates.xlsx"
admin=$("$ccc" token --role prov_admin --subject smoke-1 --home "$secrets")
second=$("$ccc" token --role prov_admin --subject smoke-2 --home "$secrets")
city=$("$ccc" token --role city_lead --org 3501 --home "$secrets")

act() {  # address, token, content type, curl's data arguments …
  local address=$1 token=$2 type=$3
  shift 3
  curl -sS -o "$scratch/answer.json" -w '%{http_code}' -X POST "$address" -H "Authorization: Bearer $token" \
    -H "Idempotency-Key: smoke-$RANDOM$RANDOM" -H "Content-Type: $type" "$@"
}

xlsx=application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
imported=$(act "$host:8101/v1/imports?kind=certificates" "$admin" "$xlsx" --data-binary "@$scratch/certificates.xlsx")
[[ $imported == 200 || $imported == 202 ]] || { echo "FAILED  import: $imported $(cat "$scratch/answer.json")" >&2; exit 1; }
import=$(grep -oE '"id":"[0-9a-f-]+"' "$scratch/answer.json" | head -1 | cut -d'"' -f4)
for _ in $(seq 60); do
  curl -sS "$host:8101/v1/imports/$import" -H "Authorization: Bearer $admin" > "$scratch/import.json"
  grep -qE '"state": ?"completed"' "$scratch/import.json" && break
  sleep 1
done
grep -qE '"state": ?"completed"' "$scratch/import.json" || { echo "FAILED  import: $(cat "$scratch/import.json")" >&2; exit 1; }
echo "ok      certificates are imported"
for _ in $(seq 60); do
  curl -sS "$host:8102/v1/objects/counts" -H "Authorization: Bearer $admin" > "$scratch/counts.json"
  organisations=$(grep -oE '"organisations":[0-9]+' "$scratch/counts.json" | grep -oE '[0-9]+' || true)
  [[ ${organisations:-0} -ge 90 ]] && break
  sleep 1
done
[[ ${organisations:-0} -ge 90 ]] || { echo "FAILED  sampling knows ${organisations:-0} organisations" >&2; exit 1; }
echo "ok      sampling knows $organisations organisations from registry's events"
expect "a campaign is made" 201 "$(act "$host:8102/v1/campaigns" "$admin" application/json -d "{\"code\":\"SMOKE-$RANDOM$RANDOM\"}")"
campaign=$(grep -oE '"id":"[0-9a-f-]+"' "$scratch/answer.json" | head -1 | cut -d'"' -f4)
expect "its maker cannot approve it" 409 "$(act "$host:8102/v1/campaigns/$campaign/approval" "$admin" application/json)"
expect "a second person approves it" 200 "$(act "$host:8102/v1/campaigns/$campaign/approval" "$second" application/json)"
expect "it is published" 200 "$(act "$host:8102/v1/campaigns/$campaign/publication" "$admin" application/json)"
for _ in $(seq 60); do
  annex=$(status "$host:8105/v1/campaigns/$campaign/annex-3?round=interim" "$admin")
  [[ $annex == 200 ]] && break
  sleep 1
done
expect "reporting consumed it" 200 "$annex"
expect "a city may not approve" 403 "$(act "$host:8102/v1/campaigns/$campaign/approval" "$city" application/json)"
expect "no token, no list" 401 "$(status "$host:8101/v1/certificates")"
