# SPDX-License-Identifier: MIT
# Ordinary modules that come and go all the time while the recorder looks at what is loaded.
# Removing a module waits for every CPU's readers, which takes most of the time; hurrying them changes nothing else.
echo 1 >/sys/kernel/rcu_expedited
modprobe dummy
modprobe bridge
insmod /with/modules/mt_base.ko
times=$(cat /with/times)
/with/loader churn /with/modules/mt_params.ko mt_params $((times / 2)) >/out/params.txt &
first=$!
/with/loader churn /with/modules/mt_user.ko mt_user $((times / 2)) >/out/user.txt &
second=$!
wait $first && wait $second
