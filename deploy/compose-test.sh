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

stand_in() {  # name, directory that its Dockerfile copies
  local context=$work/$1
  rm -rf "$context" && mkdir -p "$context"
  cp -r "$2" "$context/"
  cp deploy/compose/stand-ins/* "$context/"
  podman build -q -t "localhost/ccc-$1" -f "$context/$1.Dockerfile" "$context" > /dev/null
  rm -rf "$context"
}

health_timer() {  # podman leaves the timing of health checks to systemd, which a container host without it does not have
  while sleep 2; do
    for name in $(podman ps --filter label=io.podman.compose.project=ccc --format '{{.Names}}'); do
      podman healthcheck run "$name" > /dev/null 2>&1 || true
    done
  done
}

wait_ready() {
  for _ in $(seq 120); do
    curl -fsS "http://127.0.0.1:$1/readyz" > /dev/null 2>&1 && return
    sleep 1
  done
  echo "the service at port $1 did not become ready" >&2
  return 1
}

finish() {
  local result=$?
  ((result)) && podman-compose "${files[@]}" logs --tail 40 2>&1 | tail -n 300
  kill "$timer" 2> /dev/null || true
  podman-compose "${files[@]}" down -v > /dev/null 2>&1 || true
  exit "$result"
}

deploy/kafka/kafka.sh fetch
base_image
stand_in postgres "$(.venv/bin/python -c 'from deploy.local.postgres import binaries; print(binaries().parent)')"
stand_in kafka deploy/kafka/libs

export CCC_POSTGRES_IMAGE=localhost/ccc-postgres CCC_KAFKA_IMAGE=localhost/ccc-kafka CCC_PYTHON_IMAGE=localhost/ccc-base
export CCC_IMAGE=localhost/ccc-supervision CCC_SECRETS=$work/secrets CCC_ENVIRONMENT=development CCC_TOKEN_ISSUER=ccc-development
.venv/bin/ccc secrets "$CCC_SECRETS" --development
files=(-f docker-compose.yml)
((brokers == 3)) && files=(--env-file deploy/compose/three-brokers.env --profile three-brokers "${files[@]}")

podman-compose "${files[@]}" down -v > /dev/null 2>&1 || true
podman-compose "${files[@]}" build
health_timer &
timer=$!
trap finish EXIT
podman-compose "${files[@]}" up -d
for port in 8101 8102 8103 8104 8105; do wait_ready "$port"; done
deploy/smoke.sh http://127.0.0.1 "$CCC_SECRETS"
