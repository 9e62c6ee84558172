# SPDX-License-Identifier: MIT
# Measures in the guest. Results are lines of /out/results: ROUND TOOL WHAT NUMBER. What a tool says lies in /out/TOOL.log.
. /with/bench.env
load=/with/load
dummy=$(find /lib/modules -name 'dummy.ko' | head -n 1)
# Modules are plain files up to 6.1; later ones are compressed.
large=$(find /lib/modules -name '*.ko' -size +1000000c -exec ls -ln {} + | sort -k5 -n | tail -n 1 | awk '{print $9}')

# The lab's own recorder would be measured as well.
kill -TERM "$(cat /run/collector.pid)"
while [ -d "/proc/$(cat /run/collector.pid)/fd" ] && grep -q modtrail "/proc/$(cat /run/collector.pid)/cmdline"; do
    sleep 0.2
done

peers=/with/peers
export PATH=$PATH:$peers
mount -t debugfs debugfs /sys/kernel/debug
mkdir -p /etc/audit /var/log/audit /bench
ln -s /run /var/run
dmesg -n 1 # the kernel says of every junk module what is wrong with it
mount -t tmpfs tmpfs /bench
cp -r $peers/etc/. /etc/audit/
sed -i 's/^log_group.*/log_group = root/' /etc/audit/auditd.conf
perf=$(ls $peers/perf* | head -n 1)
export LD_LIBRARY_PATH=$peers/lib
calls='finit_module init_module delete_module'

# On the console too, so that one sees how far it is.
result() { echo "$round $tool $1 $2" | tee -a /out/results; }

# Names of the six tracepoints, each after $1.
points() {
    for call in $calls; do printf ' %s syscalls:sys_enter_%s %s syscalls:sys_exit_%s' "$1" "$call" "$1" "$call"; done
}

# begin FILE SENTENCE COMMAND…: starts the tool in a session of its own, waits until the file holds the sentence. What it
# says goes to $said.
said=/run/tool.log
begin() {
    file=$1
    ready=$2
    shift 2
    : >/run/tool.log
    setsid "$@" >$said 2>&1 &
    tool_pid=$!
    tries=0
    until grep -q "$ready" "$file" 2>/dev/null; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ] || ! kill -0 $tool_pid 2>/dev/null; then
            tail -n 5 $said | tee -a "/out/$tool.log"
            [ "$tool" != auditd ] || (auditd -f & sleep 2; kill $!) 2>&1 | head -n 5 | tee -a "/out/$tool.log"
            wait_gone
            return 1
        fi
        sleep 0.2
    done
    sleep 1
}

wait_gone() {
    kill -TERM $tool_pid 2>/dev/null
    sleep 1
    kill -KILL $tool_pid 2>/dev/null
    wait $tool_pid 2>/dev/null
}

start() {
    rm -rf /bench/*
    case $tool in
    none) tool_pid= ;;
    modtrail) begin /run/tool.log '^recording to' modtrail-collector --out /bench/out ;;
    modtrail-no-images) begin /run/tool.log '^recording to' modtrail-collector --out /bench/out --no-images ;;
    modtrail-fentry) begin /run/tool.log '^recording to' modtrail-collector --out /bench/out --attach fentry ;;
    modtrail-raw) begin /run/tool.log '^recording to' modtrail-collector --out /bench/out --attach raw ;;
    # shellcheck disable=SC2046
    perf) begin /bench/out PERFILE "$perf" record -a -o /bench/out $(points -e) ;;
    # The least that a tool with these tracepoints can cost: the kernel counts their hits, nothing is read or written.
    # shellcheck disable=SC2046
    counted) begin /bench/ready yes "$perf" stat -a $(points -e) -o /bench/out sh -c 'echo yes >/bench/ready; exec sleep 9999' ;;
    # shellcheck disable=SC2046
    trace-cmd) begin /sys/kernel/tracing/events/syscalls/sys_exit_delete_module/enable 1 trace-cmd record -o /bench/out $(points -e) ;;
    bpftrace)
        said=/bench/out
        begin /bench/out '^ready' bpftrace -B none -e "$(cat /with/watch.bt)"
        started=$?
        said=/run/tool.log
        return $started
        ;;
    auditd)
        begin /var/log/audit/audit.log 'DAEMON_START' auditd -n || return 1
        auditctl -D >/dev/null 2>&1
        auditctl -b 8192 >/dev/null 2>&1
        # shellcheck disable=SC2046
        auditctl -a always,exit -F arch=b64 $(for call in $calls; do printf ' -S %s' "$call"; done) -k modules \
            >>/out/auditd.log 2>&1 || { wait_gone; return 1; }
        ;;
    esac
}

bytes_on_disk() {
    if [ "$tool" = auditd ]; then cat /var/log/audit/*; else cat /bench/out*; fi | wc -c
}

stop() {
    [ -n "$tool_pid" ] || return 0
    if [ "$tool" = auditd ]; then
        sleep 1
        auditctl -s >/run/tool.status 2>&1
        auditctl -D >/dev/null 2>&1
        kill -TERM $tool_pid
    elif [ "$tool" = counted ]; then
        kill -TERM -- -$tool_pid # perf waits for the program that it runs
    elif [ "${tool#modtrail}" != "$tool" ]; then
        kill -TERM $tool_pid
    else
        kill -INT $tool_pid
    fi
    wait $tool_pid 2>/dev/null
    cat /run/tool.log >>"/out/$tool.log"
}

# recorded: how many of the calls the tool has, as it counts itself.
recorded() {
    case $tool in
    modtrail*) sed -n 's/.*: [0-9]* events, \([0-9]*\) calls, \([0-9]*\) lost.*/\1 \2/p' /run/tool.log | tail -n 1 ;;
    perf) sed -n 's/.*(\(~*[0-9]*\) samples).*/\1/p' /run/tool.log | tr -d '~' | tail -n 1 ;;
    trace-cmd) trace-cmd report -i /bench/out 2>/dev/null | grep -c 'sys_[enxit]*_' ;;
    bpftrace) grep -c '^enter' /bench/out ;;
    auditd) grep -c 'type=SYSCALL' /var/log/audit/audit.log ;;
    esac
}

usage() { if [ -n "$tool_pid" ]; then $load usage "$tool_pid"; else echo '0 0'; fi; }

each() { # each WHAT COMMAND…: one result a line
    what=$1
    shift
    "$@" | while read -r number; do result "$what" "$number"; done
}

# --- system calls and loads, interleaved -----------------------------------------------------------------------------
round=1
while [ $round -le "$ROUNDS" ]; do
    for tool in $TOOLS; do
        if ! start; then
            result failed 1
            continue
        fi
        for _ in 1 2 3; do each getppid $load getppid "$GETPPID"; done
        each dummy $load module "$dummy" dummy "$LOADS"
        [ $round -gt "$LARGE_ROUNDS" ] || each large $load module "$large" "$(basename "$large" .ko)" 2
        stop
    done
    round=$((round + 1))
done
echo "0 none large-bytes $(stat -c %s "$large")" >>/out/results

# --- idle, a flood, distinct calls -----------------------------------------------------------------------------------
round=0
for tool in $TOOLS; do
    case $tool in modtrail-no-images | modtrail-raw | counted) continue ;; esac
    if [ "$tool" != none ]; then
        start || continue
        # shellcheck disable=SC2046
        set -- $(usage)
        sleep "$IDLE"
        before=$1
        # shellcheck disable=SC2046
        set -- $(usage)
        result idle-cpu-ms $(($1 - before))
        result idle-rss-kib "$2"
        [ "$tool" != modtrail ] || awk '
            /^memlock:/ { bytes = $2 }
            /^(map|prog)_id:/ && !seen[$1 $2]++ { all += bytes }
            END { printf "0 modtrail kernel-kib %d\n", all / 1024 }' /proc/$tool_pid/fdinfo/* >>/out/results
        stop
        result empty-bytes "$(bytes_on_disk)"
        [ "$tool" != auditd ] || rm -f /var/log/audit/*
    fi

    start || continue
    # shellcheck disable=SC2046
    set -- $(usage)
    before=$1
    result flood-made "$($load flood "$FLOOD")"
    # shellcheck disable=SC2046
    set -- $(usage)
    result flood-cpu-ms $(($1 - before))
    stop
    [ "$tool" != none ] || continue
    result flood-bytes "$(bytes_on_disk)"
    result flood-recorded "$(recorded)"
    [ "$tool" != auditd ] || sed -n 's/^lost \([0-9]*\)/0 auditd flood-lost \1/p' /run/tool.status >>/out/results
    [ "$tool" != auditd ] || rm -f /var/log/audit/*

    start || continue
    $load distinct "$DISTINCT"
    sleep 1
    stop
    result distinct-bytes "$(bytes_on_disk)"
    result distinct-recorded "$(recorded)"
    [ "$tool" != modtrail ] || cp /bench/out /out/distinct.modtrail
    [ "$tool" != auditd ] || rm -f /var/log/audit/*
done
