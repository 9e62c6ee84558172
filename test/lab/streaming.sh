# SPDX-License-Identifier: MIT
# Read by scenarios: a second recorder streams over a serial line, beside the one whose capture the guest sends. It is
# told to stop by who receives it; its process is $streaming.
modtrail-collector --stdout </dev/ttyS2 >/dev/ttyS2 2>/out/streamed.log &
streaming=$!
tries=0
until grep -q '^recording to ' /out/streamed.log; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || break
    sleep 0.1
done
