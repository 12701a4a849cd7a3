#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test.
#   ops/test.sh                 all of it, as CI does
#   TP_KILLS=200 TP_AWAY=60 ops/test.sh     the tests of faults in their long form
# Its last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# != 0 ]; then
    echo "ops/test.sh: takes no arguments, but the settings above" >&2
    sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)

need() {
    command -v "$1" > /dev/null && return
    echo "ops/test.sh: '$1' was not found. Install $2 and try again." >&2
    exit 2
}

# install COMMAND PACKAGE: from the distribution, where the command is missing.
install() {
    command -v "$1" > /dev/null && return
    echo "installing $2"
    if [ -z "${updated:-}" ]; then
        "${as_root[@]}" apt-get update -qq
        updated=yes
    fi
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq "$2" > /dev/null
}

# install_idle COMMAND PACKAGE: likewise, without the service that the package starts; tests start
# their own.
install_idle() {
    command -v "$1" > /dev/null && return
    install "$1" "$2"
    if [ -d /run/systemd/system ]; then
        "${as_root[@]}" systemctl disable --quiet --now "$2" || true
    else
        "${as_root[@]}" service "$2" stop > /dev/null || true
    fi
}

# count NAME COMMAND...: runs a suite and adds up what its closing lines say.
count() {
    local name=$1 status=0
    shift
    echo "== $name"
    "$@" > "$log" 2>&1 || status=$?
    local good bad
    read -r good bad < <(awk '
        /Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+/ {
            for (i = 1; i < NF; i++) {
                if ($i == "Total:") total += $(i + 1)
                if ($i == "Skipped:" || $i == "Run:") total -= $(i + 1)
                if ($i == "Errors:" || $i == "Failed:") wrong += $(i + 1)
            }
        }
        /^(# |ℹ )pass [0-9]+/ { total += $3 }
        /^(# |ℹ )fail [0-9]+/ { total += $3; wrong += $3 }
        END { print total - wrong, wrong + 0 }' "$log")
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
        bad=1
    fi
    if [ "$good" = 0 ] && [ "$bad" = 0 ]; then
        echo "no test ran"
        bad=1
    fi
    [ "$bad" = 0 ] || cat "$log"
    echo "$good passed, $bad failed in $name"
    passed=$((passed + good))
    failed=$((failed + bad))
}

# check NAME COMMAND...: a check that counts as one test.
check() {
    local name=$1
    shift
    echo "== $name"
    if "$@" > "$log" 2>&1; then
        passed=$((passed + 1))
    else
        cat "$log"
        echo "failed: $name"
        failed=$((failed + 1))
    fi
}

xunit() { dotnet "tests/$1/bin/Release/net10.0/TradeProcessor.Tests.$2.dll" -noColor; }

need dotnet 'the .NET SDK 10'
need npm 'Node.js 20 or newer'
install curl curl
install chromium chromium
install_idle redis-server redis-server
install_idle haproxy haproxy

echo '== build'
dotnet build -c Release --nologo -v quiet -clp:NoSummary TradeProcessor.sln
npm ci --prefix tests/k6 --no-audit --no-fund --loglevel=error

check 'format' dotnet format whitespace --verify-no-changes --no-restore TradeProcessor.sln
check 'shell scripts' bash -n ops/*.sh tests/ops/*.sh .ci/run
check 'tune.sh' bash tests/ops/tune-test.sh
check 'run-redis.sh and run-many.sh' bash tests/ops/run-test.sh
check 'k6 scripts: types' npm run --silent --prefix tests/k6 check
count 'k6 scripts: trades' npm test --silent --prefix tests/k6
count 'page' npm test --silent --prefix frontend/web
count 'unit tests' xunit unit Unit
count 'integration tests' xunit integration Integration
count 'browser tests' xunit browser Browser
count 'fault tests' xunit faults Faults

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
