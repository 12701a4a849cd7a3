#!/usr/bin/env bash
# Starts the distributed set-up on one machine, to try it out: redis-server (every write flushed
# before it is answered), two consumers, two workers, the storage API, the frontend, and HAProxy
# before them on http://127.0.0.1:8080. Kill any of them and see: it is started again after a
# second. Ctrl-C drains and stops all of it.
#   ops/run-redis.sh
#   DATA=DIR ops/run-redis.sh              directory of Redis; default ./data-redis
#   Worker__Rest=00:00:00.050 ops/run-redis.sh     settings go by the environment
# Ports: 8080 HAProxy, 8081 and 8091 consumers, 8082 storage API, 8083 and 8093 workers,
# 8090 frontend, 6390 Redis.
set -euo pipefail
script=ops/run-redis.sh
root=$(cd "$(dirname "$0")/.." && pwd)
data=${DATA:-data-redis}
url=http://127.0.0.1:8080

case "${1:-}" in
    -h | --help)
        sed -n '2,10s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    '') ;;
    *)
        echo "ops/run-redis.sh: '$1' is not understood; see ops/run-redis.sh --help" >&2
        exit 2
        ;;
esac

. "$root/ops/programs.sh"
need dotnet 'the .NET SDK 10'
need npm 'Node.js 20 or newer'
need redis-server 'redis-server 7'
need haproxy 'haproxy 2.4 or newer'
need curl curl

free_ports 8080 8081 8082 8083 8090 8091 8093 6390
[ -n "${BUILT:-}" ] || build_programs # whoever tests it has built them
mkdir -p "$data"

# With the way of the data: what was accepted is counted before its counter goes.
stop_all() {
    trap - EXIT
    trap '' INT TERM
    stop consumer-1 consumer-2
    stop haproxy worker-1 worker-2
    stop storage frontend
    stop redis
}
trap stop_all EXIT
trap 'exit 0' INT TERM

start redis redis-server --port 6390 --bind 127.0.0.1 --dir "$data" --save '' \
    --appendonly yes --appendfsync always --loglevel warning
export Http__TrustedProxies__0=127.0.0.1
export Intake__DrainNotice=${Intake__DrainNotice:-00:00:02}
program storage storage/api TradeProcessor.Storage.Api 8082
program frontend frontend TradeProcessor.Frontend 8090
program worker-1 worker TradeProcessor.Worker 8083
program worker-2 worker TradeProcessor.Worker 8093
program consumer-1 consumer TradeProcessor.Consumer 8081
program consumer-2 consumer TradeProcessor.Consumer 8091
haproxy -c -q -f "$root/ops/haproxy.cfg"
start haproxy haproxy -q -db -f "$root/ops/haproxy.cfg"

for port in 8082 8083 8090 8093 8081 8091; do
    await "http://127.0.0.1:$port/health/ready"
done
await "$url/health/live"
echo "Dashboard: $url"

keep_running
