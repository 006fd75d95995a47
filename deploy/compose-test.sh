#!/usr/bin/env bash
# Runs docker-compose.yml itself, without a container engine's daemon and without a registry: podman, podman-compose and runc, on
# images made here by debootstrap. Then a smoke journey goes through it.   deploy/compose-test.sh [1|3]   (number of brokers)
# Needs root, the packages podman runc netavark aardvark-dns iptables nftables debootstrap, and .venv (make install).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
brokers=${1:-1}
work=$root/.ccc/compose-test
mkdir -p "$work"

for tool in podman runc debootstrap podman-compose java mvn; do
  command -v "$tool" > /dev/null || { echo "compose-test needs $tool" >&2; exit 1; }
done

cat > "$work/containers.conf" << 'EOF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
EOF
export CONTAINERS_CONF=$work/containers.conf

base_image() {  # Debian with Python 3.11 and Java 17, trusting the same certificate authorities as this machine
  podman image exists localhost/ccc-base && return
  local tree=$work/base
  rm -rf "$tree"
  debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,openjdk-17-jre-headless bookworm "$tree" > "$work/debootstrap.log"
  cp /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/ca-certificates.crt"
  tar -C "$tree" -c . | podman import --change "ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt" - localhost/ccc-base > /dev/null
  rm -rf "$tree"
}

stand_in() {  # name, directories that its Dockerfile copies
  local context=$work/$1
  rm -rf "$context" && mkdir -p "$context"
  cp -r "${@:2}" "$context/"
  cp deploy/compose/stand-ins/* "$context/"
  podman build -q -t "localhost/ccc-$1" -f "$context/$1.Dockerfile" "$context" > /dev/null
  rm -rf "$context"
}

# The podman of Debian 12 can neither time health checks without systemd nor wait for them, so the start order that the file
# asks for is kept here, with the file's own health checks.
wait_healthy() {
  for service in "$@"; do
    for attempt in $(seq 120); do
      podman healthcheck run "ccc_${service}_1" > /dev/null 2>&1 && continue 2
      sleep 1
    done
    echo "$service is not healthy after $attempt tries" >&2
    return 1
  done
}

start() { podman-compose "${files[@]}" up -d --no-deps "$@" 2> >(grep -v -E 'systemd|syslog|Initialization|not running' >&2); }

finish() {
  local result=$?
  ((result == 0)) || podman-compose "${files[@]}" logs --tail 40 2>&1 | tail -n 300
  podman-compose "${files[@]}" down -v > /dev/null 2>&1 || true
  exit "$result"
}

deploy/kafka/kafka.sh fetch
base_image
wheel=$(.venv/bin/python -c 'from deploy.local.postgres import binaries; print(binaries().parents[1])')
stand_in postgres "$wheel" "$wheel.libs"
stand_in kafka deploy/kafka/libs

export CCC_POSTGRES_IMAGE=localhost/ccc-postgres CCC_KAFKA_IMAGE=localhost/ccc-kafka CCC_PYTHON_IMAGE=localhost/ccc-base
export CCC_IMAGE=localhost/ccc-supervision CCC_SECRETS=$work/secrets CCC_TOKEN_ISSUER=ccc-development
# Production settings, as the file has them: they refuse a development key, so the key is one of an identity provider.
rm -rf "$CCC_SECRETS"
.venv/bin/ccc secrets "$CCC_SECRETS" --development --key-id identity-provider
mapfile -t services < shared/core/services.txt
files=(-f docker-compose.yml)
kafka=(kafka-1)
if ((brokers == 3)); then
  files=(--env-file deploy/compose/three-brokers.env --profile three-brokers "${files[@]}")
  kafka=(kafka-1 kafka-2 kafka-3)
fi

podman-compose "${files[@]}" down -v > /dev/null 2>&1 || true
podman-compose "${files[@]}" build > "$work/build.log" 2>&1 || { tail -n 50 "$work/build.log" >&2; exit 1; }
trap finish EXIT
start postgres "${kafka[@]}"
wait_healthy postgres "${kafka[@]}"
start migrate
[[ $(podman wait ccc_migrate_1) == 0 ]]
start "${services[@]}"
wait_healthy "${services[@]}"
CCC=.venv/bin/ccc deploy/smoke.sh http://127.0.0.1 "$CCC_SECRETS"
