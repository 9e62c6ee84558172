# SPDX-License-Identifier: MIT
# Ordinary modules that come and go all the time while the recorder looks at what is loaded.
# Removing a module waits for every CPU's readers, which takes most of the time; hurrying them changes nothing else.
echo 1 >/sys/kernel/rcu_expedited
modprobe dummy
modprobe bridge
insmod /with/modules/mt_base.ko
times=$(cat /with/times)

# So many loads and removals of a module, a hundred at once; says how many there were.
churn() { # FILE NAME TIMES
    made=0
    while [ "$made" -lt "$3" ]; do
        step=$(($3 - made < 100 ? $3 - made : 100))
        /with/loader churn "$1" "$2" $step >/dev/null || return 1
        made=$((made + step))
        echo "churn: $2 $made" >/dev/console
    done
    echo "$made"
}

churn /with/modules/mt_params.ko mt_params $((times / 2)) >/out/params.txt &
first=$!
churn /with/modules/mt_user.ko mt_user $((times / 2)) >/out/user.txt &
second=$!
wait $first && wait $second
