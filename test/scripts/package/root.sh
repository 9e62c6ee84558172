#!/bin/sh
# Installs a package into a copy of this system that nobody else sees, uses it, and removes it again:
#     unshare --mount --pid --fork --mount-proc --kill-child root.sh DEB USER SCRATCH
# Prints what it finds as lines of KEY=VALUE. SCRATCH is a folder of USER's, who starts the app.
set -eu
deb=$1 user=$2 scratch=$3
layers=$(mktemp -d)
mount -t tmpfs modtrail "$layers"
mkdir "$layers/upper" "$layers/work" "$layers/root"
root=$layers/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$root"
for folder in /proc /dev /sys "$scratch"; do
    mkdir -p "$root$folder"
    mount --rbind "$folder" "$root$folder"
done
cp "$deb" "$root/package.deb"
inside() { chroot "$root" "$@"; }

# What it depends on may have other versions or lie beside dpkg here; what is installed twice stays the same.
inside dpkg --force-depends --install /package.deb >&2
inside dpkg --force-depends --install /package.deb >&2
echo "foreign=$(inside dpkg -L modtrail | while read -r path; do inside find "$path" -maxdepth 0 ! -user root -o -maxdepth 0 ! -type l -perm /022; done | wc -l)"
echo "type=$(inside cat /usr/share/mime/globs2 | grep -c 'application/x-modtrail-capture:\*\.modtrail')"

inside /usr/bin/modtrail capture --out /root/recorded.modtrail --duration 1 >&2
echo "cli=$(inside /usr/bin/modtrail verify /root/recorded.modtrail >&2 && echo sound)"

# The window's title names the capture once it is shown.
cat >"$scratch/show.sh" <<'END'
/opt/Modtrail/modtrail --user-data-dir="$HOME/profile" "$HOME/shown.modtrail" >"$HOME/log" 2>&1 &
tries=0
until xwininfo -root -tree | grep -o '"shown[^"]*"'; do
    tries=$((tries + 1))
    [ $tries -lt 120 ] || { cat "$HOME/log" >&2; break; }
    sleep 0.5
done
kill $!
END
echo "window=$(inside setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups \
    env HOME="$scratch" TMPDIR="$scratch" XDG_CONFIG_HOME="$scratch" xvfb-run -a sh "$scratch/show.sh")"

rm "$root/root/recorded.modtrail"
inside dpkg --remove modtrail >&2
inside dpkg --purge modtrail >&2
echo "left=$(inside find / -xdev -not -path "$scratch/*" -iname '*modtrail*' -cnewer /package.deb -not -path '/var/lib/dpkg/*' -not -path '/tmp/*' 2>/dev/null | head -5 | tr '\n' ' ')"
echo "opt=$([ -e "$root/opt/Modtrail" ] && echo there || echo gone)"
