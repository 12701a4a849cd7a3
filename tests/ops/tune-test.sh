#!/usr/bin/env bash
# Tests ops/tune.sh on a copy of the settings: check tells and changes nothing, apply changes what is
# short and nothing else, revert brings back every value there was.
set -euo pipefail
tune=$(cd "$(dirname "$0")/../../ops" && pwd)/tune.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SYSCTLS=$work/sys STATE=$work/state

fail() {
    echo "tune-test: $1" >&2
    exit 1
}

put() {
    mkdir -p "$SYSCTLS/$(dirname "$1")"
    printf "$2\n" > "$SYSCTLS/$1"
}

# all: every setting and its value, with one blank between words.
all() { (cd "$SYSCTLS" && find . -type f | sort | xargs grep '' | tr -s '\t ' ' '); }

status() {
    local status=0
    "$@" > "$work/output" 2>&1 || status=$?
    echo "$status"
}

put net/core/somaxconn 128
put net/core/netdev_max_backlog 1000
put net/ipv4/tcp_max_syn_backlog 65536
put net/ipv4/ip_local_port_range '32768\t60999'
put net/ipv4/tcp_tw_reuse 0
put net/ipv4/tcp_max_tw_buckets 131072
put net/ipv4/tcp_mem '1\t2\t9000000000'
put net/ipv4/tcp_rmem '8192\t131072\t6291456'
put net/ipv4/tcp_wmem '4096\t16384\t4194304'
put kernel/random/boot_id boot-1
put fs/file-max 1000
put fs/nr_open 1048576
put fs/epoll/max_user_watches 10
put net/netfilter/nf_conntrack_count 0
put net/netfilter/nf_conntrack_max 100
before=$(all)

[ "$(status "$tune" check)" = 1 ] || fail 'check of short settings must end with 1'
[ "$(all)" = "$before" ] || fail 'check has changed something'
[ ! -e "$STATE" ] || fail 'check has written its state'
grep -q '^change *net.core.somaxconn *128 *32768' "$work/output" || fail 'check names no change'

[ "$(status "$tune" revert)" = 2 ] || fail 'revert without an apply must be refused'
grep -q 'nothing to revert' "$work/output" || fail 'revert without an apply does not say why'
[ ! -e "$STATE" ] || fail 'a refused revert has made the directory of its state'

[ "$(status "$tune" apply)" = 0 ] || fail "apply: $(cat "$work/output")"
[ "$(cat "$SYSCTLS/net/core/somaxconn")" = 32768 ] || fail 'apply has not raised somaxconn'
[ "$(cat "$SYSCTLS/net/ipv4/tcp_max_syn_backlog")" = 65536 ] || fail 'apply has lowered a value'
[ "$(cat "$SYSCTLS/net/ipv4/tcp_rmem")" = '4096 131072 6291456' ] || fail 'apply: tcp_rmem'
[ "$(cut -d' ' -f3 "$SYSCTLS/net/ipv4/tcp_mem")" = 9000000000 ] || fail 'apply has lowered tcp_mem'
[ "$(cat "$SYSCTLS/net/netfilter/nf_conntrack_max")" = 100 ] || fail 'apply: conntrack does not count'
[ "$(CONNECTIONS=100 status "$tune" check)" = 0 ] || fail 'check after apply must end with 0'

# Of the limits that a process has, short ones fail a check too, and no apply.
few_files() { (ulimit -n 1500 && CONNECTIONS=1000 status "$tune" "$1"); }
[ "$(few_files check)" = 1 ] || fail 'check of a short limit of open files must end with 1'
grep -q '^short *ulimit -Hn *1500 *3000' "$work/output" || fail 'check names no short limit'
! grep -q '^change' "$work/output" || fail 'check: the limit alone is short'
[ "$(few_files apply)" = 0 ] || fail 'apply sets no limits, so none can fail it'

# A second apply, now with larger demands, still goes back to the first values.
[ "$(CONNECTIONS=2000000 status "$tune" --apply)" = 0 ] || fail 'second apply'
[ "$(cat "$SYSCTLS/fs/file-max")" = 4500000 ] || fail 'second apply: file-max'
[ "$(status "$tune" revert)" = 0 ] || fail "revert: $(cat "$work/output")"
[ "$(all)" = "$before" ] || fail "revert has left: $(diff <(echo "$before") <(all))"
[ "$(status "$tune" revert)" = 2 ] || fail 'a second revert must be refused'

# What was kept before the machine was started again is of no use.
[ "$(status "$tune" apply)" = 0 ] || fail 'apply before a restart'
put kernel/random/boot_id boot-2
put net/core/somaxconn 4096
[ "$(status "$tune" revert)" = 2 ] || fail 'revert of what another boot has kept must be refused'
[ "$(grep -c 'is of another boot' "$work/output")" = 1 ] || fail 'revert does not say of which boot'
[ "$(cat "$SYSCTLS/net/core/somaxconn")" = 4096 ] || fail 'revert has set values of another boot'
put kernel/random/boot_id boot-1
put net/core/somaxconn 64
[ "$(status "$tune" apply)" = 0 ] || fail 'apply in one boot'
put kernel/random/boot_id boot-2
put net/core/somaxconn 96
[ "$(status "$tune" apply)" = 0 ] || fail 'apply in the next boot'
grep -q 'is of another boot' "$work/output" || fail 'apply does not say of which boot'
[ "$(status "$tune" revert)" = 0 ] || fail "revert in the next boot: $(cat "$work/output")"
[ "$(cat "$SYSCTLS/net/core/somaxconn")" = 96 ] || fail 'revert has set a value of the first boot'
before=$(all)

# A setting that the kernel does not have is noted, and neither made nor a failure.
rm "$SYSCTLS/net/core/netdev_max_backlog"
[ "$(status "$tune" apply)" = 0 ] || fail 'an absent setting must not fail an apply'
grep -q '^note *net.core.netdev_max_backlog *absent *16384' "$work/output" || fail 'no note: absent'
[ ! -e "$SYSCTLS/net/core/netdev_max_backlog" ] || fail 'apply has made an absent setting'
[ "$(CONNECTIONS=100 status "$tune" check)" = 0 ] || fail 'an absent setting must not fail a check'
grep -q '^note *net.core.netdev_max_backlog *absent' "$work/output" || fail 'check: no note: absent'
[ "$(status "$tune" revert)" = 0 ] || fail 'revert without an absent setting'
before=$(all)

[ "$(status "$tune")" = 2 ] || fail 'no argument must be refused'
[ "$(status "$tune" aply)" = 2 ] || fail 'a wrong argument must be refused'
[ "$(CONNECTIONS=many status "$tune" check)" = 2 ] || fail 'CONNECTIONS=many must be refused'
[ "$(STATE=/proc/none status "$tune" apply)" = 2 ] || fail 'apply without a place for its state'
[ "$(all)" = "$before" ] || fail 'a refused call has changed something'
echo 'tune.sh: passed'
