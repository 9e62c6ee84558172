# SPDX-License-Identifier: MIT
# A recorder that belongs to a user: its rights; stopped and continued; while the wall clock is set a day on, and back.
mkdir -p /tmp/theirs && chown 1000:1000 /tmp/theirs
SUDO_UID=1000 SUDO_GID=1000 modtrail-collector --scan-interval 1 --out /tmp/theirs/own.modtrail 2>/run/own.log &
own=$!
until grep -q '^recording to ' /run/own.log; do sleep 0.1; done
cat /proc/$own/status >/out/own-status
cat "/proc/$(cat /run/collector.pid)/status" >/out/root-status

for way in needed others folder; do
    mkdir -p /tmp/tried/$way && echo bytes >/tmp/tried/file && echo bytes >/tmp/tried/$way/file
    (cd /tmp/tried/$way && /with/confined $way) >/out/confined-$way
done
/with/confined compat
echo $? >/out/confined-compat

# Sets the clock on by so many seconds. A call made before the recorder wakes for that is dated by the clock before.
turn_clock() {
    date -s "@$(($(date +%s) + $1))" >/dev/null
    sleep 1
}

# a call, with the wall clock's seconds before and after it
call() {
    before=$(date +%s)
    /with/loader unload "$1" 0
    echo "$1 $before $(date +%s)" >>/out/calls
}
insmod /with/modules/mt_base.ko
call before_all
sleep 1.5
turn_clock 86400
call a_day_on
sleep 1.5
call still_a_day_on
turn_clock -172800
call a_day_back
kill -STOP $own
call while_stopped
sleep 1.5
turn_clock 86400
kill -CONT $own
sleep 1.2
call at_the_end
rmmod mt_base

kill -TERM $own
wait $own
echo $? >/out/own-exit
ls -ln /tmp/theirs >/out/own-files
cp /tmp/theirs/own.modtrail /out/
