# SPDX-License-Identifier: MIT
# Loads that go through several files of a second recorder, with a call that is open all the time, and images that are
# larger than what is left of a file, or than a file.
load=/with/loader
own=/with/modules

mkdir /out/parts
modtrail-collector --scan-interval 0 --max-size 4000000 --rotate --out /out/parts/x.modtrail 2>/run/parts.log &
parts=$!
until grep -q '^recording to ' /run/parts.log; do sleep 0.1; done

insmod $own/mt_slow.ko ms=600000 2>/dev/null &
sleep 1
head -c 1500000 /dev/urandom >/tmp/noise
for i in 0 1 2 3 4; do
    { echo $i; cat /tmp/noise; } >/tmp/junk-$i
    sha256sum /tmp/junk-$i | cut -d' ' -f1 >>/out/given.txt
    insmod /tmp/junk-$i 2>/dev/null
    $load churn $own/mt_base.ko mt_base 8
done
cat /tmp/noise /tmp/noise /tmp/noise >/tmp/large
sha256sum /tmp/large | cut -d' ' -f1 >/out/large.txt
insmod /tmp/large 2>/dev/null
$load churn $own/mt_base.ko mt_base 5
sha256sum $own/mt_base.ko | cut -d' ' -f1 >/out/base.txt
sleep 1
kill -TERM $parts
wait $parts
cp /run/parts.log /out/
