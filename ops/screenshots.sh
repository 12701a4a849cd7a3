#!/usr/bin/env bash
# Makes docs/screenshot-{dark,phone,pair,health}.png: the real host under a load that
# rises and falls, some of it refused, in a real browser.
#   ops/screenshots.sh [SECONDS]        of load before the pictures are taken; default 300
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
seconds=${1:-300}
url=http://127.0.0.1:18099
work=$(mktemp -d)
host='' load=''

finish() {
    for process in $load $host; do
        kill "$process" 2> /dev/null && wait "$process" 2> /dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT

refused() {
    local i from to sell country
    for ((i = 0; i < RANDOM % 6 + 1; i++)); do
        from=EUR to=GBP sell=1000 country=FR
        case $((RANDOM % 10)) in
            0 | 1 | 2 | 3) to=XBT ;;
            4 | 5) country=UK ;;
            6 | 7) sell=-5 ;;
            8) sell=1000.123456789 ;;
            9) to=EUR ;;
        esac
        printf '{"userId":"7","currencyFrom":"%s","currencyTo":"%s","amountSell":%s,"amountBuy":747.1,"rate":0.7471,"timePlaced":"24-JAN-15 10:27:44","originatingCountry":"%s"}\n' \
            "$from" "$to" "$sell" "$country"
    done
}

# A rate that wanders between 100 and 400 a second; two such do not stop together.
wander() {
    local rate=200 sender
    trap 'kill $sender 2> /dev/null; exit' TERM
    while true; do
        rate=$((rate + RANDOM % 161 - 80))
        rate=$((rate < 100 ? 100 : rate > 400 ? 400 : rate))
        dotnet "$root/tests/load/bin/Release/net10.0/TradeProcessor.Load.dll" --url "$url" \
            --rate "$rate" --duration $((RANDOM % 15 + 10))s --connections 16 --seed $RANDOM \
            > /dev/null &
        sender=$!
        refused | curl -s -o /dev/null -H 'Content-Type: application/x-ndjson' \
            --data-binary @- "$url/trades"
        wait "$sender" || true
    done
}

for project in host tests/load tests/browser; do
    dotnet build -c Release --nologo -v quiet -clp:NoSummary "$root/$project"
done
dotnet "$root/host/bin/Release/net10.0/TradeProcessor.Host.dll" \
    --urls "$url" --Storage:Path "$work" > /dev/null &
host=$!
until curl -sf -o /dev/null "$url/health/ready"; do
    kill -0 "$host"
    sleep 0.2
done
wander &
load=$!
wander &
load="$load $!"
TP_SCREENSHOTS_URL=$url TP_SCREENSHOTS_SECONDS=$seconds \
    dotnet "$root/tests/browser/bin/Release/net10.0/TradeProcessor.Tests.Browser.dll" \
    -explicit only -class '*Screenshots' -noLogo -noColor
