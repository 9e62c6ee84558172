#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# The first process of the guest: starts the collector, runs the scenario, sends what came of it over the second serial
# port, and switches off. It loads no module itself, so that the capture begins with an untouched kernel, unless there is
# a disk: then its drivers come first, and what there is to send lies on it.
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root LC_ALL=C
mkdir -p /proc /sys /dev /tmp /run /out /root
mount -t devtmpfs devtmpfs /dev
exec </dev/console >/dev/console 2>&1
echo 'lab: the kernel is up'
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs tmpfs /run
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t securityfs securityfs /sys/kernel/security
mount -t tracefs tracefs /sys/kernel/tracing
mount -t cgroup2 cgroup2 /sys/fs/cgroup
chmod 755 /
. /lab.env
hostname "$LAB_HOST"
ip link set lo up 2>/dev/null

folder=/run/capture
mkdir -p $folder
if [ -n "$LAB_DISK" ]; then
    modprobe -aq virtio_pci virtio_blk ext4
    mkdir -p /disk
    mount -t ext4 "$LAB_DISK" /disk || echo "lab: the disk cannot be mounted"
    mkdir -p /disk/out
    mount --bind /disk/out /out
    folder=/disk
fi
# Where a collector that was built with sanitizers reports, whoever it has become.
mkdir -m 1777 /run/sanitizer
export ASAN_OPTIONS=log_path=/run/sanitizer/report:exitcode=99 UBSAN_OPTIONS=log_path=/run/sanitizer/report:exitcode=99:print_stacktrace=1
# The second serial port carries bytes, not lines.
stty -F /dev/ttyS1 raw -echo 2>/dev/null

# shellcheck disable=SC2086
modtrail-collector --out $folder/lab.modtrail $LAB_COLLECTOR_ARGS 2>/run/collector.log &
collector=$!
echo "$collector" >/run/collector.pid
tries=0
until grep -q '^recording to ' /run/collector.log; do
    kill -0 "$collector" 2>/dev/null || break
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || break
    sleep 0.1
done
cat /run/collector.log
if grep -q '^recording to ' /run/collector.log; then
    cd /
    sh /scenario.sh
    echo "lab: the scenario ended with status $?"
else
    echo "lab: the collector did not start"
fi

kill -TERM "$collector" 2>/dev/null
wait "$collector"
status=$?
echo "lab: the collector ended with status $status"
if [ "$status" = 0 ]; then tail -n 1 /run/collector.log; else tail -n 60 /run/collector.log; fi

# send NAME FILE: a line with name, length and hash, then the bytes
send() {
    [ -f "$2" ] || return 0
    gzip -c "$2" >/run/send.gz
    echo "modtrail-lab $1 $(stat -c %s /run/send.gz) $(sha256sum </run/send.gz | cut -d' ' -f1)" >/dev/ttyS1
    cat /run/send.gz >/dev/ttyS1
}
if [ -n "$LAB_DISK" ]; then
    cd /
    umount /out && umount /disk || echo "lab: the disk is still in use"
    sync
else
    send capture $folder/lab.modtrail
    send capture-wal $folder/lab.modtrail-wal
    tar -cf /run/out.tar -C /out . && send out /run/out.tar
fi
cat /run/sanitizer/* >/run/sanitizer.txt 2>/dev/null && send sanitizer /run/sanitizer.txt
echo "$status" >/run/status
send status /run/status
sleep 0.5
poweroff -f
