#!/usr/bin/env bash
# Settings of the kernel for very many connections on one machine.
#   ops/tune.sh check             what is set, what should be, and why; changes nothing, needs no
#                                 root; exit 1 where a setting or a limit of files is short
#   sudo ops/tune.sh apply        sets what is short, and keeps the values there were
#   sudo ops/tune.sh revert       sets exactly those again
# What was kept lies in /var/lib/tradeprocessor/tune (STATE=DIR for another directory). A restart of
# the machine undoes all of it, except what /etc/sysctl.d has; what was kept before is dropped then.
#   CONNECTIONS=N ops/tune.sh …   for N connections instead of 1,000,000, both ends of them here
set -euo pipefail
connections=${CONNECTIONS:-1000000}
state=${STATE:-/var/lib/tradeprocessor/tune}
sysctls=${SYSCTLS:-/proc/sys} # a copy, for the test
saved=$state/saved # "boot=ID", then "KEY=VALUE" for each setting that was changed
short=0

refuse() {
    echo "ops/tune.sh: $1" >&2
    exit 2
}

file_of() { echo "$sysctls/${1//.//}"; }

boot() { cat "$(file_of kernel.random.boot_id)" 2> /dev/null || echo unknown; }

# What was kept before the machine was started again says nothing of the values it has now.
forget_other_boots() {
    [ -e "$saved" ] || return 0
    [ "$(sed -n '1s/^boot=//p' "$saved")" != "$(boot)" ] || return 0
    echo "ops/tune.sh: $saved is of another boot of the machine and says nothing now: dropped" >&2
    rm "$saved"
}

# keep KEY VALUE: once, as the second apply must not keep what the first has set.
keep() {
    [ -s "$saved" ] || echo "boot=$(boot)" > "$saved"
    grep -q "^$1=" "$saved" || echo "$1=$2" >> "$saved"
}

# Words with one blank between them: the kernel separates by tabs.
now() { tr -s '\t ' ' ' < "$(file_of "$1")" | sed 's/ *$//'; }

line() { printf '%-7s %-32s %-22s %-22s %s\n' "$@"; }

# enough HOW IS WANTED: at least (each number), the first at most, or from and to of a range.
enough() {
    local how=$1 i
    local -a is wanted
    read -ra is <<< "$2"
    read -ra wanted <<< "$3"
    case $how in
        least)
            for i in "${!wanted[@]}"; do
                [ "${is[i]:-0}" -ge "${wanted[i]}" ] || return 1
            done
            ;;
        first-most) [ "${is[0]}" -le "$3" ] ;;
        range) [ "${is[0]}" -le "${wanted[0]}" ] && [ "${is[1]}" -ge "${wanted[1]}" ] ;;
        one-of) [[ " $3 " = *" $2 "* ]] ;;
    esac
}

# setting HOW KEY WANTED WHY
setting() {
    local how=$1 key=$2 wanted=$3 why=$4 is
    if [ ! -r "$(file_of "$key")" ]; then
        line note "$key" absent "$wanted" 'this kernel does not have it, or its module is not loaded'
        return
    fi
    is=$(now "$key")
    if enough "$how" "$is" "$wanted"; then
        line ok "$key" "$is" "$wanted" "$why"
        return
    fi
    if [ "$how" = one-of ]; then
        wanted=${wanted%% *}
    elif [ "$how" = least ]; then
        wanted=$(raised "$is" "$wanted")
    elif [ "$how" = first-most ]; then
        wanted="$wanted ${is#* }"
    fi
    if [ "$mode" = check ]; then
        line change "$key" "$is" "$wanted" "$why"
        short=1
        return
    fi
    keep "$key" "$is" # before it is changed
    if echo "$wanted" 2> /dev/null > "$(file_of "$key")" && [ "$(now "$key")" = "$wanted" ]; then
        line set "$key" "$is" "$wanted" "$why"
    else
        line FAILED "$key" "$is" "$wanted" "the kernel does not take it"
        short=1
    fi
}

# raised IS WANTED: each number the larger of the two; nothing is made smaller.
raised() {
    local -a is wanted
    local i
    read -ra is <<< "$1"
    read -ra wanted <<< "$2"
    for i in "${!wanted[@]}"; do
        [ "${is[i]:-0}" -lt "${wanted[i]}" ] || wanted[i]=${is[i]}
    done
    echo "${wanted[*]}"
}

settings() {
    local files=$((connections * 2 + connections / 5 + 100000))
    local pages
    pages=$(($(awk '/^MemTotal/ { print $2 }' /proc/meminfo) / ($(getconf PAGE_SIZE) / 1024)))
    setting least net.core.somaxconn 32768 \
        'connections that wait to be accepted; Connections:Backlog is cut to it'
    setting least net.ipv4.tcp_max_syn_backlog 32768 \
        'half-open connections; beyond it SYNs are dropped and sent again after 1 s'
    setting least net.core.netdev_max_backlog 16384 \
        'packets that wait for a core; a burst of 20,000 SYNs on loopback is one'
    setting range net.ipv4.ip_local_port_range '10240 65535' \
        'ports of a client for each of its addresses: 55,296; those of the services lie below'
    setting one-of net.ipv4.tcp_tw_reuse '1 2' \
        'ports of closed connections are taken again after 1 s, not 60 s'
    setting least net.ipv4.tcp_max_tw_buckets 131072 \
        'closed connections that are remembered; beyond it they are cut short'
    setting least net.ipv4.tcp_mem \
        "$((pages / 16)) $((pages / 4)) $((pages / 2))" \
        'pages for the data of all sockets: pressure begins at a quarter of the memory'
    setting first-most net.ipv4.tcp_rmem 4096 \
        'least bytes that a socket may have received: a million idle ones take no more'
    setting first-most net.ipv4.tcp_wmem 4096 \
        'least bytes that a socket may have to send; likewise'
    setting least fs.file-max "$files" \
        "open files of all processes: both ends of $connections connections"
    setting least fs.nr_open 1048576 'what LimitNOFILE may be at most'
    setting least fs.epoll.max_user_watches "$((connections * 2 + 100000))" \
        'sockets that one user may wait for'
    # Without rules it counts nothing; then its size does not matter.
    if [ "$(cat "$(file_of net.netfilter.nf_conntrack_count)" 2> /dev/null || echo 0)" -gt 0 ]; then
        setting least net.netfilter.nf_conntrack_max "$((connections * 2 + 100000))" \
            'connections that the firewall follows; beyond it packets are dropped'
    fi
}

# What this script cannot set: it would hold for its own processes only. Short of it, a check fails.
limits() {
    local soft hard wanted=$((connections + 2000)) processes
    [ "$wanted" -le 1048576 ] || wanted=1048576
    soft=$(ulimit -Sn)
    hard=$(ulimit -Hn)
    [ "$soft" != unlimited ] || soft=$wanted
    [ "$hard" != unlimited ] || hard=$wanted
    if [ "$hard" -ge "$wanted" ]; then
        line ok 'ulimit -Hn' "$hard" "$wanted" 'open files of a process; programs raise the soft limit'
    else
        processes=$(((connections + hard - 2001) / (hard - 2000)))
        limit_short 'ulimit -Hn' "$hard" "$wanted" \
            "open files of a process: over epoll $connections connections need $processes of them"
        echo "        Not changed here. systemd: LimitNOFILE=$wanted in the unit; a login:"
        echo "        \"* hard nofile $wanted\" in /etc/security/limits.conf. Where that cannot be had:"
        echo "        Connections:Most=$connections over io_uring, which needs no more than one process;"
        echo '        over epoll as many processes on one port, 512 at most: ops/run-many.sh'
    fi
    [ "$soft" -ge 4096 ] || [ "$soft" = "$hard" ] \
        || line note 'ulimit -Sn' "$soft" "$hard" '.NET raises it by itself; for others: ulimit -n'
    [ "$(ulimit -Su)" = unlimited ] || [ "$(ulimit -Su)" -ge 8192 ] \
        || limit_short 'ulimit -Su' "$(ulimit -Su)" 8192 'threads; a process of the consumer has about 20'
}

limit_short() {
    line short "$@"
    [ "$mode" != check ] || short=1
}

revert() {
    [ -s "$saved" ] || refuse "there is nothing to revert: $saved does not exist"
    local key value left=''
    while IFS='=' read -r key value; do
        if echo "$value" 2> /dev/null > "$(file_of "$key")" && [ "$(now "$key")" = "$value" ]; then
            line back "$key" "$value" '' ''
        else
            line FAILED "$key" "$(now "$key")" "$value" 'the kernel does not take it'
            left+="$key=$value"$'\n'
        fi
    done < <(sed 1d "$saved")
    if [ -n "$left" ]; then
        printf 'boot=%s\n%s' "$(boot)" "$left" > "$saved"
        exit 1
    fi
    rm "$saved"
}

mode=${1:-}
mode=${mode#--}
case "$mode" in
    help | h | -h)
        sed -n '2,10s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    check | apply | revert) [ $# = 1 ] || refuse "'$2' is not understood; see ops/tune.sh --help" ;;
    *) refuse "give check, apply or revert; see ops/tune.sh --help" ;;
esac
[[ "$connections" =~ ^[1-9][0-9]{0,7}$ ]] || refuse "CONNECTIONS=$connections: give a number up to 99999999"
[ "$(uname -s)" = Linux ] || refuse 'these are settings of Linux; there is nothing to do elsewhere'
if [ "$mode" != check ]; then
    [ -w "$(file_of fs.file-max)" ] || refuse "$mode needs root: sudo ops/tune.sh $mode"
    [ "$mode" = apply ] || [ -s "$saved" ] \
        || refuse "there is nothing to revert: $saved does not exist"
    mkdir -p "$state" 2> /dev/null && [ -w "$state" ] \
        || refuse "cannot write to $state, where the old values go; STATE=DIR names another"
fi
[ "$mode" = check ] || forget_other_boots
if [ "$mode" = revert ]; then
    revert
    exit
fi
line '' setting now wanted why
settings
limits
exit "$short"
