# SPDX-License-Identifier: MIT
# A later kernel: compressed modules, calls by probes or tracepoints, whichever it is that this kernel is given.
/with/caller odd >/out/odd.jsonl
/with/caller compat >/out/compat.jsonl
/with/caller changing >/out/changing.jsonl
# On kernels that let programs on tracepoints be preempted, under a second recorder too, which uses those of all calls.
case $(uname -r) in
7.*)
    modtrail-collector --attach raw --out /out/raw.modtrail 2>/run/raw.log &
    raw=$!
    until grep -q '^recording to ' /run/raw.log; do sleep 0.1; done
    ;;
esac
/with/caller threads 32 25 >/out/threads.jsonl
if [ -n "$raw" ]; then kill -TERM "$raw" && wait "$raw"; fi
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
