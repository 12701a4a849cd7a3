#!/usr/bin/env bash
# Tests ops/run-redis.sh and ops/run-many.sh with the programs as they are built: trades posted to
# the one port are counted, each once; a consumer that is killed is started again; a SIGTERM ends
# all of it with 0 and leaves nothing running. Needs the ports that the scripts name.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
pid=''

clean() {
    [ -z "$pid" ] || ! kill -0 "$pid" 2> /dev/null || { kill "$pid"; wait "$pid" || true; }
    rm -rf "$work"
}
trap clean EXIT

fail() {
    echo "run-test: $1" >&2
    cat "$work/output" >&2
    exit 1
}

# until_true SECONDS WHAT COMMAND...
until_true() {
    local left=$(($1 * 10)) what=$2
    shift 2
    until "$@" 2> /dev/null; do
        kill -0 "$pid" 2> /dev/null || fail "$what: it has ended"
        [ $((left--)) -gt 0 ] || fail "$what: not in time"
        sleep 0.1
    done
}

says() { grep -q "$1" "$work/output"; }

# consumers: their process ids, one a line.
consumers() {
    grep -ls "$root/consumer/bin/Release/.*TradeProcessor.Consumer[.]dll" /proc/[0-9]*/cmdline \
        | cut -d / -f 3
}

counted() {
    [ "$(curl -fsS http://127.0.0.1:8082/api/summary \
        | sed 's/.*"aggregated":\([0-9]*\).*/\1/')" = "$1" ]
}

two_consumers() { [ "$(consumers | wc -l)" = 2 ]; }

# post FROM TO: trades one by one over connections of their own, again with the same key where no
# answer came.
post() {
    local i
    for ((i = $1; i <= $2; i++)); do
        curl -fsS -o /dev/null --retry 40 --retry-delay 1 --retry-all-errors --max-time 10 \
            -H 'Content-Type: application/json' -H "Idempotency-Key: run-test-$i" \
            -d '{"userId":"'"$i"'","currencyFrom":"EUR","currencyTo":"GBP","amountSell":1000,
                 "amountBuy":747.10,"rate":0.7471,"timePlaced":"24-JAN-18 10:27:44",
                 "originatingCountry":"FR"}' http://127.0.0.1:8080/trades 2>> "$work/output" \
            || fail "trade $i was not taken"
    done
}

# try SCRIPT ARGUMENTS...
try() {
    echo "== $*" > "$work/output"
    BUILT=1 DATA="$work/data" "$root/ops/$1" "${@:2}" >> "$work/output" 2>&1 &
    pid=$!
    until_true 120 "$1 starts" says '^Dashboard: '
    two_consumers || fail "$1: not two consumers"
    post 1 40
    until_true 30 "$1 counts 40 trades" counted 40
    kill -9 "$(consumers | head -1)"
    post 41 80
    until_true 60 "$1 starts the killed one again" says 'ended with 137; starting it again'
    until_true 60 "$1 has two consumers again" two_consumers
    until_true 30 "$1 counts 80 trades" counted 80
    kill "$pid"
    wait "$pid" || fail "$1 ended with $?"
    pid=''
    [ -z "$(consumers)" ] || fail "$1 leaves a consumer running"
    rm -rf "$work/data"
}

try run-redis.sh
try run-many.sh 2
