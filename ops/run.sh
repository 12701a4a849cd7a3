#!/usr/bin/env bash
# Restores, builds (the page included) and starts everything in one process.
#   ops/run.sh [--urls http://127.0.0.1:18080] [--Storage:Path DIR] [--Section:Key VALUE …]
#   ops/run.sh rebuild [--Storage:Path DIR]     counts the log anew from its beginning
#   ops/run.sh reset [--yes] [--Storage:Path DIR]   deletes all trades and counts; asks first
#   ops/run.sh dead list|replay [ID]|purge [ID] [--Storage:Path DIR]    frames that failed
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

case "${1:-}" in
    -h | --help)
        sed -n '2,6s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    '' | --* | rebuild | dead | reset) ;;
    *)
        echo "ops/run.sh: '$1' is not understood; see ops/run.sh --help" >&2
        exit 2
        ;;
esac

need() {
    command -v "$1" > /dev/null && return
    echo "ops/run.sh: '$1' was not found. Install $2 and try again." >&2
    exit 2
}
need dotnet 'the .NET SDK 10'
need npm 'Node.js 20 or newer'

dotnet build -c Release --nologo -v quiet '-clp:NoSummary;ErrorsOnly' "$root/host/TradeProcessor.Host.csproj" >&2
exec dotnet "$root/host/bin/Release/net10.0/TradeProcessor.Host.dll" "$@"
