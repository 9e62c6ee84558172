# SPDX-License-Identifier: MIT
# Every kind of call that test/native/caller.c can make, under two recorders at once: the lab's own, which uses the
# calls' own tracepoints, and one that uses those of all calls.
modtrail-collector --attach raw --out /out/raw.modtrail 2>/run/raw.log &
raw=$!
until grep -q '^recording to ' /run/raw.log; do sleep 0.1; done

cd /tmp
caller=/with/caller
$caller odd >/out/odd.jsonl
$caller compat >/out/compat.jsonl
$caller once "two words" '' "$(printf 'line\nbreak')" >/out/once.jsonl
# shellcheck disable=SC2046
$caller once $(seq 1 3000) >/out/once-long.jsonl
$caller named 66ff224107 >/out/named.jsonl
$caller vfork >/out/vfork.jsonl
$caller orphan >/out/orphan.jsonl
$caller chain 40 >/out/chain.jsonl
mkdir -p /tmp/shallow /tmp/deep
$caller deep /tmp/shallow 40 >/out/deep.jsonl
$caller deep /tmp/deep 80 >/out/deep-cut.jsonl
$caller late /with/modules/mt_params.ko 'who=late count=7' >/out/late.jsonl
$caller changing >/out/changing.jsonl
$caller threads 32 25 >/out/threads.jsonl

# As others than root, and where names mean something else.
chmod 777 /out
su analyst -c "$caller once" >/out/user.jsonl
cp $caller /tmp/set-uid && chmod 4755 /tmp/set-uid
su analyst -c '/tmp/set-uid once' >/out/set-uid.jsonl
mkdir -p /tmp/root/bin /tmp/root/tmp /tmp/root/dev && cp $caller /tmp/root/bin/ && cp -a /dev/null /tmp/root/dev/
unshare -m -p -f --mount-proc "$caller" once >/out/namespaces.jsonl
mkdir -p /tmp/lower /tmp/upper /tmp/work /tmp/merged /tmp/bound
cp /with/modules/mt_base.ko /tmp/lower/
modprobe overlay
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged
mount --bind /tmp/merged /tmp/bound
$caller late /tmp/bound/mt_base.ko 'x=1' >/out/overlay.jsonl
(cd /tmp/merged && insmod ./mt_base.ko)

kill -TERM $raw
wait $raw
echo $? >/out/raw.status

# More than a small buffer holds: what is not recorded is counted.
modtrail-collector --ring 65536 --out /out/flood.modtrail 2>/run/flood.log &
flood=$!
until grep -q '^recording to ' /run/flood.log; do sleep 0.1; done
$caller flood 8 2500 >/out/flood.json
kill -TERM $flood
wait $flood
