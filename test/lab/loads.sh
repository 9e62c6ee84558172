# SPDX-License-Identifier: MIT
# Loads a module again and again, each time with other bytes, while a recorder streams over a serial line; the console
# says what the guest's clock is, so that whoever receives the stream can tell how late it is.
modtrail-collector --stdout </dev/ttyS2 >/dev/ttyS2 2>/out/streamed.log &
streaming=$!
tries=0
until grep -q '^recording to ' /out/streamed.log; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || break
    sleep 0.1
done
read -r loads </with/loads
number=0
while [ "$number" -lt "$loads" ]; do
    number=$((number + 1))
    cp /with/modules/mt_params.ko /tmp/load.ko
    # What follows the last section is not looked at.
    echo "$number" >>/tmp/load.ko
    read -r clock rest </proc/uptime
    echo "mt-clock $clock"
    insmod /tmp/load.ko "count=$number"
    sleep 0.3
    rmmod mt_params
done
wait $streaming
echo $? >/out/status
