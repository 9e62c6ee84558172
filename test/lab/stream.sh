# SPDX-License-Identifier: MIT
# A recorder streams over a serial line. It is told to stop by who receives it once the modules are seen.
. /with/streaming.sh
for number in 1 2 3 4 5; do
    insmod /with/modules/mt_params.ko "count=$number"
    rmmod mt_params
done
insmod /with/modules/mt_initfail.ko
/with/caller odd >/out/odd.jsonl
wait $streaming
echo $? >/out/status
