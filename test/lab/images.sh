# SPDX-License-Identifier: MIT
# Module bytes from everywhere the kernel takes them from. Each call carries "label=NAME" as its parameters, which modules
# ignore, and /out/images.jsonl says for each label what the kernel was given.
# /with/images.env says whether recorders are tried that keep less.
. /with/images.env
# The kernel says something about most of these; a serial line is slow.
dmesg -n 1
load=/with/loader
own=/with/modules

# given LABEL FILE
given() {
    echo "{\"label\":\"$1\",\"sha256\":\"$(sha256sum <"$2" | cut -d' ' -f1)\",\"size\":$(stat -c %s "$2")}" >>/out/images.jsonl
}
# attempt LABEL FILE COMMAND…: what is given, then the call, which may fail
attempt() {
    given "$1" "$2"
    shift 2
    "$@"
}
# likewise LABEL OTHER: the same bytes as another call was given
likewise() {
    grep "\"label\":\"$2\"" /out/images.jsonl | sed "s/\"label\":\"$2\"/\"label\":\"$1\"/" >>/out/images.jsonl
}
unload() { $load unload "$1" 0x800; }

# --- Files on several file systems, and files that do not stay ---------------------------------------------------------
cp $own/mt_base.ko /disk/
attempt ext4 /disk/mt_base.ko insmod /disk/mt_base.ko label=ext4
unload mt_base
cp $own/mt_params.ko /tmp/
attempt tmpfs /tmp/mt_params.ko insmod /tmp/mt_params.ko label=tmpfs
attempt again /tmp/mt_params.ko insmod /tmp/mt_params.ko label=again
unload mt_params
modprobe overlay
mkdir -p /tmp/lower /tmp/upper /tmp/work /tmp/merged
cp $own/mt_noexit.ko /tmp/lower/
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged
attempt overlay /tmp/merged/mt_noexit.ko insmod /tmp/merged/mt_noexit.ko label=overlay
attempt memfd $own/mt_base.ko $load memfd $own/mt_base.ko 'a name' label=memfd
unload mt_base
attempt ext4-again /disk/mt_base.ko insmod /disk/mt_base.ko label=ext4-again
unload mt_base
attempt deleted /tmp/mt_params.ko $load vanished /tmp/mt_params.ko label=deleted
unload mt_params
cp $own/mt_slow.ko /tmp/
attempt overwritten /tmp/mt_slow.ko $load overwritten /tmp/mt_slow.ko 'ms=1 label=overwritten'
unload mt_slow
attempt initfail $own/mt_initfail.ko insmod $own/mt_initfail.ko label=initfail
attempt badmagic $own/mt_badmagic.ko insmod $own/mt_badmagic.ko label=badmagic

# --- Memory ------------------------------------------------------------------------------------------------------------
attempt memory $own/mt_params.ko $load memory $own/mt_params.ko label=memory
unload mt_params

# --- Compressed: only some kernels take them ---------------------------------------------------------------------------
packed=$(find /lib/modules -name dummy.ko.xz)
if [ -n "$packed" ]; then
    attempt compressed "$packed" $load file "$packed" 4 label=compressed
    unload dummy
    attempt compressed-again "$packed" $load file "$packed" 4 label=compressed-again
    unload dummy
    cp "$packed" /tmp/damaged.ko.xz
    printf 'damage' | dd of=/tmp/damaged.ko.xz bs=1 seek=2000 conv=notrunc 2>/dev/null
    attempt compressed-damaged /tmp/damaged.ko.xz $load file /tmp/damaged.ko.xz 4 label=compressed-damaged
fi

# --- Sizes -------------------------------------------------------------------------------------------------------------
head -c 1024 /dev/urandom >/tmp/junk-1k
attempt junk-1k /tmp/junk-1k insmod /tmp/junk-1k label=junk-1k
attempt junk-1k-memory /tmp/junk-1k $load memory /tmp/junk-1k label=junk-1k-memory
for size in 1 4095 4096 4097 65535 65536 65537 262143 262144 262145; do
    head -c $size /dev/urandom >/tmp/junk
    attempt junk-$size /tmp/junk $load file /tmp/junk 0 label=junk-$size
done
head -c 1048576 /dev/urandom >/tmp/noise
n=/tmp/noise
cat $n $n $n $n $n $n $n $n >/tmp/noise-8m
# What is very large takes long, and is the same for kernels with compressed modules.
if [ -z "$packed" ]; then
    n=/tmp/noise-8m
    cat $n $n $n $n $n $n $n $n >/tmp/junk-64m
    attempt junk-64m /tmp/junk-64m $load file /tmp/junk-64m 0 label=junk-64m
    # A module of exactly 64 MiB: what follows the sections is read, and part of it.
    cp $own/mt_base.ko /tmp/module-64m.ko
    head -c $((67108864 - $(stat -c %s $own/mt_base.ko))) /tmp/junk-64m >>/tmp/module-64m.ko
    attempt module-64m /tmp/module-64m.ko insmod /tmp/module-64m.ko label=module-64m
    unload mt_base
fi
# The package's own largest.
largest=$(find /lib/modules -name '*.ko*' -exec stat -c '%s %n' {} + | sort -n | tail -n 1 | cut -d' ' -f2)
case $largest in
*.xz)
    attempt largest-packed "$largest" $load file "$largest" 4 label=largest-packed
    xz -dc "$largest" >/tmp/largest.ko
    ;;
*) cp "$largest" /tmp/largest.ko ;;
esac
attempt largest /tmp/largest.ko $load file /tmp/largest.ko 0 label=largest
likewise largest-memory largest
$load memory /tmp/largest.ko label=largest-memory

# --- Several at once ---------------------------------------------------------------------------------------------------
mkdir /tmp/together
for i in 0 1 2 3 4 5 6 7; do
    cp $own/mt_base.ko /tmp/together/$i.ko
    echo $i >>/tmp/together/$i.ko
    given together-$i /tmp/together/$i.ko
done
for i in 0 1 2; do likewise three-$i together-$i; done
for i in 0 1 2 3 4 5 6 7; do likewise same-$i together-7; done
$load together 8 label=together- /tmp/together/?.ko >/out/together.jsonl
unload mt_base
$load together 3 label=three- /tmp/together/0.ko /tmp/together/1.ko /tmp/together/2.ko >/out/three.jsonl
unload mt_base
$load together 8 label=same- /tmp/together/7.ko >/out/same.jsonl
unload mt_base

# --- Recorders that keep less ------------------------------------------------------------------------------------------
# keeping NAME OPTIONS: another recorder, beside the lab's own, while three modules are loaded
keeping() {
    : >"/run/$1.log"
    modtrail-collector --out "/out/$1.modtrail" $2 2>"/run/$1.log" &
    recorder=$!
    until grep -q '^recording to ' "/run/$1.log" || ! kill -0 $recorder; do sleep 0.1; done
    insmod $own/mt_params.ko "label=$1-small"
    unload mt_params
    insmod /disk/under/mt_base.ko "label=$1-under"
    unload mt_base
    $load file /tmp/noise-8m 0 "label=$1-large"
    kill -TERM $recorder
    wait $recorder
}
mkdir /disk/under
cp $own/mt_base.ko /disk/under/
given small $own/mt_params.ko
given under /disk/under/mt_base.ko
given large /tmp/noise-8m
[ -n "$KEEPING" ] || exit 0
keeping none --no-images
keeping only-under '--images-under /disk/under'
keeping limited '--image-limit 1000000'
keeping narrow '--image-ring 1048576'
