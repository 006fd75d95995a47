#!/usr/bin/env bash
# Apache Kafka in KRaft mode on this machine, from the jars of Maven Central: one broker, or three as in production.
#   kafka.sh fetch | start [1|3] | stop | bootstrap [1|3] | prepare [1|3] | run NODE [1|3]
# Needs Java 17 and, to fetch, Maven. Data and logs lie in $CCC_KAFKA_HOME (default .ccc/kafka) and are new at each start.
# With $CCC_KAFKA_SASL_PASSWORD every broker listens two ports higher too, for the user "ccc" with this password (SASL/PLAIN).
# $CCC_KAFKA_JAVA_OPTIONS are for the broker's virtual machine.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${CCC_KAFKA_HOME:-.ccc/kafka}
base=${CCC_KAFKA_PORT:-19092}
cluster=${CCC_KAFKA_CLUSTER:-ccc-supervision-cluster}

port() { echo $((base + 10 * ($1 - 1))); }

bootstrap() {
  local list=()
  for node in $(seq "$1"); do list+=("127.0.0.1:$(port "$node")"); done
  (IFS=,; echo "${list[*]}")
}

fetch() {
  [[ -f $here/libs/.complete && $here/libs/.complete -nt $here/pom.xml ]] && return
  rm -rf "$here/libs"
  mvn -B -q -Dstyle.color=never -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$here/libs"
  touch "$here/libs/.complete"
}

properties() {  # node, number of brokers
  local node=$1 count=$2 voters=() minimum=1
  local listeners="PLAINTEXT://127.0.0.1:$(port "$node")"
  for other in $(seq "$count"); do voters+=("$other@127.0.0.1:$(($(port "$other") + 1))"); done
  ((count >= 3)) && minimum=2
  if [[ -n ${CCC_KAFKA_SASL_PASSWORD:-} ]]; then
    listeners+=",SASL_PLAINTEXT://127.0.0.1:$(($(port "$node") + 2))"
    local login="org.apache.kafka.common.security.plain.PlainLoginModule required user_ccc=\"$CCC_KAFKA_SASL_PASSWORD\";"
    printf '%s\n' listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT \
      sasl.enabled.mechanisms=PLAIN "listener.name.sasl_plaintext.plain.sasl.jaas.config=$login"
  fi
  cat <<EOF
process.roles=broker,controller
node.id=$node
controller.quorum.voters=$(IFS=,; echo "${voters[*]}")
listeners=$listeners,CONTROLLER://127.0.0.1:$(($(port "$node") + 1))
advertised.listeners=$listeners
controller.listener.names=CONTROLLER
log.dirs=$home/node$node/data
auto.create.topics.enable=false
unclean.leader.election.enable=false
default.replication.factor=$count
min.insync.replicas=$minimum
offsets.topic.replication.factor=$count
offsets.topic.num.partitions=10
transaction.state.log.replication.factor=$count
transaction.state.log.min.isr=$minimum
share.coordinator.state.topic.replication.factor=$count
share.coordinator.state.topic.min.isr=$minimum
group.initial.rebalance.delay.ms=0
log.retention.hours=336
EOF
}

prepare() {  # number of brokers; afterwards none of them holds anything
  fetch
  for node in $(seq "$1"); do
    local dir=$home/node$node
    rm -rf "$dir" && mkdir -p "$dir"
    properties "$node" "$1" > "$dir/server.properties"
    java -cp "$here/libs/*" kafka.tools.StorageTool format -t "$cluster" -c "$dir/server.properties" > "$dir/format.log" 2>&1
  done
}

run() {  # node, number of brokers; in the foreground
  local memory=512m
  (($2 >= 3)) && memory=384m
  # shellcheck disable=SC2086  (several options)
  exec java "-Xmx$memory" ${CCC_KAFKA_JAVA_OPTIONS:-} -cp "$here/libs/*" kafka.Kafka "$home/node$1/server.properties"
}

start() {
  fetch
  stop
  prepare "$1"
  for node in $(seq "$1"); do
    setsid "${BASH_SOURCE[0]}" run "$node" "$1" > "$home/node$node/server.log" 2>&1 < /dev/null &
    echo $! > "$home/node$node/pid"
  done
  for node in $(seq "$1"); do wait_for "$node"; done
  bootstrap "$1"
}

wait_for() {
  for _ in $(seq 300); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$(port "$1")") 2> /dev/null; then return; fi
    if ! kill -0 "$(cat "$home/node$1/pid")" 2> /dev/null; then break; fi
    sleep 0.2
  done
  echo "broker $1 did not start; see $home/node$1/server.log" >&2
  exit 1
}

stop() {
  local pids=()
  for file in "$home"/node*/pid; do
    if [[ -f $file ]] && grep -qz "$home/node" "/proc/$(cat "$file")/cmdline" 2> /dev/null; then pids+=("$(cat "$file")"); fi
    rm -f "$file"
  done
  ((${#pids[@]})) || return 0
  kill "${pids[@]}"
  for _ in $(seq 100); do
    kill -0 "${pids[@]}" 2> /dev/null || return 0
    sleep 0.2
  done
  kill -9 "${pids[@]}" 2> /dev/null || true
}

case ${1:-} in
  fetch) fetch ;;
  start) start "${2:-1}" ;;
  stop) stop ;;
  bootstrap) bootstrap "${2:-1}" ;;
  prepare) prepare "${2:-1}" ;;
  run) run "$2" "${3:-1}" ;;
  *) sed -n '2,4p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
