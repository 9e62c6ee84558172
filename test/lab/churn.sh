# SPDX-License-Identifier: MIT
# Ordinary modules that come and go all the time while the recorder looks at what is loaded.
modprobe dummy
modprobe bridge
insmod /with/modules/mt_base.ko
times=$(cat /with/times 2>/dev/null || echo 1000)
/with/loader churn /with/modules/mt_params.ko mt_params $((times / 2)) >/out/params.txt &
first=$!
/with/loader churn /with/modules/mt_user.ko mt_user $((times / 2)) >/out/user.txt &
second=$!
wait $first && wait $second
