#!/usr/bin/env bash
# Starts N consumers that listen on one port (SO_REUSEPORT), for more connections than one process
# may have open files: redis-server (every write flushed before it is answered), a worker, the
# storage API and the frontend stand behind them. No balancer: the kernel spreads the connections.
# What is killed is started again after a second; its connections are lost. Ctrl-C drains and stops
# all of it.
#   ops/run-many.sh N                     N consumers, 1 to 512; `ops/tune.sh check` says how many
#   DATA=DIR ops/run-many.sh N            directory of Redis; default ./data-redis
#   DOTNET_gcServer=1 ops/run-many.sh N   settings go by the environment, also those set below
# Ports: 8080 consumers, 8082 storage API, 8083 worker, 8090 frontend, 6390 Redis.
set -euo pipefail
script=ops/run-many.sh
root=$(cd "$(dirname "$0")/.." && pwd)
data=${DATA:-data-redis}
wave=8 # so many start at once: each takes a second of a core

case "${1:-}" in
    -h | --help)
        sed -n '2,10s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
esac
if [ $# != 1 ] || [[ ! "$1" =~ ^[1-9][0-9]{0,2}$ ]] || [ "$1" -gt 512 ]; then
    echo "$script: give the number of consumers, 1 to 512; see $script --help" >&2
    exit 2
fi
count=$1

. "$root/ops/programs.sh"
need dotnet 'the .NET SDK 10'
need npm 'Node.js 20 or newer'
need redis-server 'redis-server 7'
need curl curl
free_ports 8080 8082 8083 8090 6390
[ -n "${BUILT:-}" ] || build_programs # a benchmark has built them
mkdir -p "$data"

consumers=()
# With the way of the data: what was accepted is counted before its counter goes.
stop_all() {
    trap - EXIT
    trap '' INT TERM
    stop "${consumers[@]}"
    stop worker
    stop storage frontend
    stop redis
}
trap stop_all EXIT
trap 'exit 0' INT TERM

# One writer thread a shard and process: one shard feeds a worker of 2 million trades a second.
export Redis__Shards=${Redis__Shards:-1}
start redis redis-server --port 6390 --bind 127.0.0.1 --dir "$data" --save '' \
    --appendonly yes --appendfsync "${APPENDFSYNC:-always}" --loglevel warning
program storage storage/api TradeProcessor.Storage.Api 8082
program frontend frontend TradeProcessor.Frontend 8090
program worker worker TradeProcessor.Worker 8083
for port in 8082 8090 8083; do
    await "http://127.0.0.1:$port/health/ready"
done

# A small footprint for each: one heap, no collector thread of its own, a young generation that
# stays in the cache, and pages given back. A connection that waits counts; a trade is no object.
export DOTNET_gcServer=${DOTNET_gcServer:-0}
export DOTNET_gcConcurrent=${DOTNET_gcConcurrent:-0}
export DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x200000}
export DOTNET_GCConserveMemory=${DOTNET_GCConserveMemory:-9}
# Compiled once: what 50 processes would compile again in the background takes the cores for minutes.
export DOTNET_TieredCompilation=${DOTNET_TieredCompilation:-0}
# Hours: who waits for the next trade of a quiet customer is not sent away.
export Connections__ReusePort=true
export Connections__KeepAliveTimeout=${Connections__KeepAliveTimeout:-06:00:00}
for ((i = 1; i <= count; i++)); do
    consumers+=("consumer-$i")
    program "consumer-$i" consumer TradeProcessor.Consumer 8080
    if ((i % wave == 0 || i == count)); then
        listening "$i" 8080
    fi
done
await http://127.0.0.1:8080/health/ready
echo "$script: $count consumers on http://127.0.0.1:8080"
echo 'Dashboard: http://127.0.0.1:8090'

keep_running
