# SPDX-License-Identifier: MIT
# The story of samples/sample.modtrail: one minute of a machine that starts, is worked on, and is broken into.
# Run in the lab's guest as root by `npm run sample`. /with/modules has the project's test modules, /with/loader makes
# the calls that kmod's programs do not make.

modules=/with/modules

# Programs by their paths, not by the shell's own copies of them, so that each appears under its name.
mkdir -p /usr/local/sbin /etc/init.d /etc/cron.hourly /home/analyst/build /tmp/.cache /var/lib
rm -f /bin/su && cp /bin/busybox /bin/su && chmod 4755 /bin/su
cp /with/loader /usr/local/sbin/modtest
sed -i 's/^root:x:/root::/' /etc/passwd
cp "$modules"/*.ko /home/analyst/build/
dd if=/dev/urandom of=/home/analyst/build/noise.ko bs=1024 count=12 2>/dev/null
chown -R 1000:1000 /home/analyst
mkdir -p /sys/fs/cgroup/init /sys/fs/cgroup/system/cron /sys/fs/cgroup/user/analyst

program() { # program PATH: what follows on stdin becomes an executable script
    { echo '#!/bin/busybox sh' && cat; } >"$1"
    chmod 755 "$1"
}

# --- What happens, each act as the program that does it --------------------------------------------------------------

program /etc/init.d/coldplug <<'END'
echo $$ >/sys/fs/cgroup/init/cgroup.procs
/sbin/modprobe loop max_loop=4
/sbin/modprobe ext4
sleep 1
/sbin/modprobe btrfs
/sbin/modprobe no-such-driver
/sbin/modprobe dummy numdummies=2
END

# Nobody calls modprobe here: the kernel does, because somebody wants what it lacks.
program /etc/init.d/network <<'END'
echo $$ >/sys/fs/cgroup/init/cgroup.procs
/bin/ip link add br0 type bridge
sleep 1
/bin/ip link add vx0 type vxlan id 7 dstport 4789
/bin/ip link set br0 up
END

program /etc/init.d/storage <<'END'
echo $$ >/sys/fs/cgroup/init/cgroup.procs
/bin/dd if=/dev/zero of=/var/lib/disk.img bs=1024 count=64 2>/dev/null
/bin/mkdosfs /var/lib/disk.img
/bin/mkdir -p /mnt
/bin/mount -t vfat -o loop /var/lib/disk.img /mnt
/bin/mount -t nosuchfs none /mnt
END

program /etc/cron.hourly/trim-modules <<'END'
echo $$ >/sys/fs/cgroup/system/cron/cgroup.procs
/sbin/rmmod dummy
sleep 1
/sbin/modprobe -r btrfs
/usr/local/sbin/modtest unload loop_control 0x800
END

program /home/analyst/build/try <<'END'
cd /home/analyst/build
/sbin/insmod ./mt_params.ko count=2
sleep 1
/sbin/rmmod -f ext4
# All capabilities, but only in a namespace of one's own: not what the kernel asks for.
/bin/unshare -U -r /sbin/insmod ./mt_base.ko
sleep 1
/bin/su root -c /home/analyst/build/work
END

program /home/analyst/build/work <<'END'
cd /home/analyst/build
/sbin/insmod ./mt_badmagic.ko
/sbin/insmod -f ./mt_badmagic.ko
sleep 1
/sbin/insmod ./mt_params.ko count=3 loud=1 'who="the night shift"' numbers=1,2,3
sleep 1
/sbin/insmod ./mt_params.ko
/sbin/insmod ./noise.ko
sleep 1
/sbin/insmod ./mt_user.ko
/sbin/insmod ./mt_base.ko
/sbin/insmod ./mt_user.ko
sleep 1
/sbin/insmod ./mt_slow.ko ms=soon
/sbin/insmod ./mt_initfail.ko
sleep 1
/usr/local/sbin/modtest file ./mt_slow.ko 0x80000000 ms=10
/usr/local/sbin/modtest file ./mt_slow.ko 0 ms=10 rw
/sbin/insmod ./mt_slow.ko ms=3500 &
sleep 1
/sbin/rmmod -f mt_slow
wait
sleep 1
/sbin/insmod ./mt_noexit.ko
/sbin/rmmod mt_noexit
/sbin/rmmod -f mt_base
/sbin/rmmod -f mt_gone
sleep 1
/sbin/rmmod mt_user
/sbin/rmmod mt_base
/sbin/rmmod mt_slow
/sbin/rmmod mt_params
END

# A login: from here on the kernel knows who it was, whatever user the processes become.
program /usr/local/sbin/session <<'END'
echo 1000 >/proc/self/loginuid
echo $$ >/sys/fs/cgroup/user/analyst/cgroup.procs
exec /bin/login -f analyst
END
cat >/home/analyst/.profile <<'END'
exec /home/analyst/build/try
END

# An intruder's way: nothing that stays in a folder.
program /tmp/.cache/update <<'END'
cd /tmp/.cache
/bin/cp /with/modules/mt_params.ko /with/modules/mt_base.ko /with/modules/mt_user.ko /with/modules/mt_initfail.ko /with/modules/mt_slow.ko .
/bin/cp /with/loader fetch
./fetch memfd mt_initfail.ko 'systemd journal' error=125
sleep 1
./fetch memory mt_base.ko ''
sleep 1
./fetch vanished mt_params.ko 'who=nobody count=1'
/sbin/rmmod mt_params
sleep 1
/bin/mv mt_user.ko '.font cache.ko'
/sbin/insmod '.font cache.ko'
sleep 1
./fetch changing mt_slow.ko 'ms=900' 'ms=100' 400
/bin/rm -r /tmp/.cache
END

# --- The minute ------------------------------------------------------------------------------------------------------

/etc/init.d/coldplug
sleep 2
/etc/init.d/network
sleep 2
/etc/init.d/storage
sleep 3
setsid /usr/local/sbin/session
sleep 3
/tmp/.cache/update
sleep 3
/bin/run-parts /etc/cron.hourly
sleep 2
# Still in its init when the recording ends.
/sbin/rmmod mt_slow
/sbin/insmod $modules/mt_slow.ko ms=60000 &
sleep 2
