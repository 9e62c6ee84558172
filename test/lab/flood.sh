# SPDX-License-Identifier: MIT
# Two processes at a time make failing calls at full speed, and in the middle of it somebody loads a module.
# /with/flood.env says for how many seconds each time.
. /with/flood.env
# The kernel says something about each call; a serial line would be the slowest of all.
dmesg -n 1

# both PREFIX WAY WAY: a prefix for the command, and what the two do
both() {
    $1 "/with/flood $2 $SECONDS_EACH" >>/tmp/flood-a &
    a=$!
    $1 "/with/flood $3 $SECONDS_EACH" >>/tmp/flood-b &
    b=$!
    sleep 2
    insmod /with/modules/mt_params.ko "who=amid-$3" && rmmod mt_params
    wait $a $b
}
both 'sh -c' finit small
both 'su analyst -c' finit small
both 'sh -c' large alternate
cat /tmp/flood-a /tmp/flood-b >/out/flood.jsonl
sha256sum /with/modules/mt_params.ko | cut -d' ' -f1 >/out/mt_params.sha256
