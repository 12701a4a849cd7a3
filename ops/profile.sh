#!/usr/bin/env bash
# Where the processor's time goes while single trades are posted: the host on core 0, wrk with 128
# connections on core 1, sampled by perf. Prints the share of each part in the samples of the host.
#   ops/profile.sh [SECONDS] [HOST ARGUMENTS]      seconds of samples; default 20
# Needs perf (Debian: linux-perf), wrk and the right to sample (root, or perf_event_paranoid 1).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
seconds=20
if [[ "${1:-}" =~ ^[1-9][0-9]*$ ]]; then
    seconds=$1
    shift
elif [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 0
fi
for tool in perf wrk dotnet curl taskset; do
    command -v "$tool" > /dev/null || {
        echo "ops/profile.sh: '$tool' was not found." >&2
        exit 2
    }
done
url=http://127.0.0.1:18098
work=$(mktemp -d)
host=''

finish() {
    [ -z "$host" ] || { kill "$host" && wait "$host"; } 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

cat > "$work/post.lua" << 'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"userId": "134256", "currencyFrom": "EUR", "currencyTo": "GBP", "amountSell": 1000, '
  .. '"amountBuy": 747.10, "rate": 0.7471, "timePlaced": "24-JAN-15 10:27:44", '
  .. '"originatingCountry": "FR"}'
LUA

dotnet build -c Release "$root/host" --nologo -v quiet > "$work/build" || {
    cat "$work/build" >&2
    exit 1
}
DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0 taskset -c 0 \
    dotnet "$root/host/bin/Release/net10.0/TradeProcessor.Host.dll" \
    --urls "$url" --Storage:Path "$work/data" "$@" > "$work/log" 2>&1 &
host=$!
for _ in $(seq 300); do
    curl -sf "$url/health/ready" > /dev/null && break
    kill -0 "$host" 2> /dev/null || {
        cat "$work/log" >&2
        exit 1
    }
    sleep 0.1
done

# Past tiered compilation first.
taskset -c 1 wrk -t1 -c128 -d12 -s "$work/post.lua" "$url/trades" > /dev/null
taskset -c 1 wrk -t1 -c128 "-d$((seconds + 1))" -s "$work/post.lua" "$url/trades" > "$work/wrk" &
wrk=$!
sleep 0.5
perf record -q -e cpu-clock -F 1999 -p "$host" -o "$work/perf.data" -- sleep "$seconds" \
    > /dev/null 2> "$work/perf" || {
    cat "$work/perf" >&2
    exit 1
}
wait "$wrk"
grep Requests/sec "$work/wrk"
perf script -i "$work/perf.data" -F comm,ip,sym,dso 2> /dev/null | awk '
    function part(line) {
        if (line ~ /\[kernel|\[unknown\]\)?$/ || line ~ /vmlinux/ || line ~ /\.ko\)/) {
            if (line ~ /iowrite|ext4|jbd2|blk_|bio|nvme|virtblk|virtio|fsync|filemap|folio|journal|scsi|xfs|btrfs|writeback|iomap|pagecache/)
                return "kernel: the log file and its disk"
            if (line ~ / (io_|__io_)/)
                return "kernel: io_uring"
            if (line ~ /tcp|sock|inet|ip_|skb|net|loopback|nf_|dst_|fib|eth_|xmit|csum|checksum|copy_|_copy|rep_movs|datagram|bbr|__qdisc|napi|process_backlog/)
                return "kernel: TCP on the loopback"
            if (line ~ /sched|wake|futex|enqueue|dequeue|pick_next|switch|rcu|timer|hrtimer|idle|load_balance|select_task/)
                return "kernel: waking and switching threads"
            if (line ~ /irq|_raw_spin/)
                return "kernel: interrupts and locks"
            if (line ~ /slab|kmem|kfree|alloc|page|virt_addr|object_size/)
                return "kernel: memory of packets"
            return "kernel: the rest"
        }
        if (line ~ /Consumer\.Parsing/) return "parsing and validating"
        if (line ~ /Consumer\.Lane/) return "the lane: heads, batches, answers"
        if (line ~ /Consumer\.Transport/) return "the loops of connections"
        if (line ~ /Consumer\.Intake/) return "intake: packing frames, group commit"
        if (line ~ /TradeProcessor\.Storage|TradeProcessor\.Contracts/) return "journal, cells, frames"
        if (line ~ /TradeProcessor\.Worker/) return "the worker"
        if (line ~ /libcoreclr|libclrjit|libclrgc|libSystem|libhostpolicy/) return "the runtime"
        if (line ~ /libc\.|libpthread|vdso/) return "the C library"
        if (line ~ /System\.|Microsoft\./) return ".NET libraries"
        return "other code"
    }
    NF { count[part($0)]++; all++ }
    END {
        for (name in count)
            printf "%5.1f%%  %s\n", 100 * count[name] / all, name
        printf "of %d samples\n", all
    }' | sort -rn
