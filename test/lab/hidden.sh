# SPDX-License-Identifier: MIT
# Modules that hide from one view or several, under a recorder that saw them load and under one that starts later.
modprobe dummy
insmod /with/modules/mt_params.ko
insmod /with/modules/mt_hide_list.ko
insmod /with/modules/mt_hide_sysfs.ko
modprobe bridge
sleep 2
ls /sys/module >/out/sysfs.txt
cat /proc/modules >/out/modules.txt

modtrail-collector --scan-interval 2 --out /out/after.modtrail 2>/run/after.log &
after=$!
until grep -q '^recording to ' /run/after.log; do sleep 0.1; done
insmod /with/modules/mt_base.ko
rmmod dummy
sleep 6
kill -TERM $after
wait $after
