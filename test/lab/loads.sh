# SPDX-License-Identifier: MIT
# Loads a module again and again, each time with other bytes, while a recorder streams over a serial line; the console
# says what the guest's clock is, so that whoever receives the stream can tell how late it is.
. /with/streaming.sh
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
