# SPDX-License-Identifier: MIT
# A later kernel: compressed modules, calls by probes or tracepoints, whichever it is that this kernel is given.
/with/caller odd >/out/odd.jsonl
/with/caller compat >/out/compat.jsonl
/with/caller changing >/out/changing.jsonl
/with/caller threads 32 25 >/out/threads.jsonl
insmod /with/modules/mt_params.ko count=3 'who="two words"'
insmod /with/modules/mt_params.ko
insmod /with/modules/mt_initfail.ko
modprobe dummy numdummies=2
ip link add br0 type bridge
rmmod mt_params
rmmod dummy
/with/loader unload no_such_module 0
# Parameters that another thread changes all the time.
/with/loader flipping /with/modules/mt_params.ko 'who=racer count=1' 16 20 mt_params/parameters/count >/out/flipping.jsonl
