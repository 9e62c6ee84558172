# SPDX-License-Identifier: MIT
# Programs that fail again and again: what the recorder counts instead of recording, and what it must not count.
/with/repeater same 60 50 >/out/same.json
/with/repeater turns 500 4 >/out/turns4.json
/with/repeater turns 50 6 >/out/turns6.json
/with/repeater images 12 1500 >/out/images.json
/with/repeater texts 600 >/out/texts.json
/with/repeater success /with/modules/mt_params.ko mt_params 3 >/out/success.json
/with/repeater blocked 30 1500 >/out/blocked.json &
# The last moment: a row of the call is in the file long before it returns.
while ! grep -q before-blocked /out/blocked.json; do sleep 0.02; done
sleep 0.25
cp /run/capture/lab.modtrail /out/blocked.modtrail
cp /run/capture/lab.modtrail-wal /out/blocked.modtrail-wal
wait
# One that stays alive and silent, one that is gone with its last call, one that is killed.
/with/repeater burst 5000 >/out/silent.json &
/with/repeater burst 5000 >/out/killed.json &
killed=$!
sleep 5
kill -9 $killed
sleep 0.2
