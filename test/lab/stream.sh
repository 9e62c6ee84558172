# SPDX-License-Identifier: MIT
# A second recorder streams over a serial line, beside the one whose capture the guest sends. It is told to stop by who
# receives it, and told by it that the module is seen.
modtrail-collector --stdout </dev/ttyS2 >/dev/ttyS2 2>/out/streamed.log &
streaming=$!
tries=0
until grep -q '^recording to ' /out/streamed.log; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || break
    sleep 0.1
done
for number in 1 2 3 4 5; do
    insmod /with/modules/mt_params.ko "count=$number"
    rmmod mt_params
done
insmod /with/modules/mt_initfail.ko
/with/caller odd >/out/odd.jsonl
wait $streaming
echo $? >/out/status
