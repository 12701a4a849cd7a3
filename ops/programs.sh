# Programs in the background for the scripts that try out a set-up; sourced by run-redis.sh and
# run-many.sh. The caller sets `script` (its name, for messages) and `root`.
declare -A pids commands

need() {
    command -v "$1" > /dev/null && return
    echo "$script: '$1' was not found. Install $2 and try again." >&2
    exit 2
}

# free_ports PORT...: refuses where something listens.
free_ports() {
    local port
    for port in "$@"; do
        if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
            echo "$script: port $port is in use. Stop what listens there and try again." >&2
            exit 2
        fi
    done
}

# The host refers to all four programs, so this builds them.
build_programs() {
    echo "$script: building" >&2
    dotnet build -c Release --nologo -v quiet '-clp:NoSummary;ErrorsOnly' \
        "$root/host/TradeProcessor.Host.csproj" >&2
}

# start NAME COMMAND...: in the background, out of reach of the terminal's Ctrl-C, which is for us.
start() {
    local name=$1
    shift
    commands[$name]=$(printf '%q ' "$@")
    setsid "$@" > >(sed -u "s/^/$name: /") 2>&1 &
    pids[$name]=$!
}

# program NAME PROJECT ASSEMBLY PORT
program() {
    start "$1" dotnet "$root/$2/bin/Release/net10.0/$3.dll" \
        --urls "http://127.0.0.1:$4" --Redis:Configuration 127.0.0.1:6390
}

# stop NAME...: ends them together, and waits until they have drained.
stop() {
    local name status
    for name in "$@"; do
        [ -z "${pids[$name]:-}" ] || kill -TERM "${pids[$name]}" 2> /dev/null || true
    done
    for name in "$@"; do
        [ -n "${pids[$name]:-}" ] || continue
        status=0
        wait "${pids[$name]}" || status=$?
        # HAProxy and redis-server say 143 and 0 for a SIGTERM.
        [ "$status" = 0 ] || [ "$status" = 143 ] || echo "$script: $name ended with $status" >&2
    done
}

# await URL: until it answers with success.
await() {
    local i
    for ((i = 0; i < 300; i++)); do
        curl -fsS -o /dev/null "$1" 2> /dev/null && return
        sleep 0.1
    done
    echo "$script: $1 does not answer" >&2
    exit 1
}

# listening N PORT: until N sockets of this machine listen on the port.
listening() {
    local i hex
    hex=$(printf ':%04X' "$2")
    for ((i = 0; i < 600; i++)); do
        [ "$(awk -v port="$hex" '$2 ~ port "$" && $4 == "0A"' /proc/net/tcp | wc -l)" -lt "$1" ] \
            || return 0
        sleep 0.1
    done
    echo "$script: fewer than $1 processes listen on port $2" >&2
    exit 1
}

# Until a signal. What ends by itself is started again, unless it refuses to start.
keep_running() {
    local status name ended
    while true; do
        status=0
        ended=''
        wait -n -p ended "${pids[@]}" || status=$?
        for name in "${!pids[@]}"; do
            [ "${pids[$name]}" = "$ended" ] || continue
            if [ "$status" = 2 ]; then
                echo "$script: $name does not start; stopping the others" >&2
                exit 1
            fi
            echo "$script: $name ended with $status; starting it again" >&2
            sleep 1
            eval "start $name ${commands[$name]}"
        done
    done
}
