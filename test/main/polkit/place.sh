#!/bin/sh
# A place with a bus and a polkit of its own, in mount and process namespaces that end with it:
#     unshare --mount --pid --fork --mount-proc --kill-child place.sh CHECKOUT USER COLLECTOR COMMAND…
# The package's policy and the collector lie where the package puts them. The checkout is at /mnt, for users who may not
# look into the folder that it is in.
set -eu
checkout=$1 user=$2 collector=$3
shift 3
mount --bind "$checkout" /mnt
actions=$(mktemp -d)
cp /usr/share/polkit-1/actions/*.policy "$checkout/packaging/dev.modtrail.policy" "$actions"
for folder in /run /opt /etc/polkit-1/rules.d /usr/share/polkit-1/actions; do
    mount -t tmpfs -o mode=755 modtrail "$folder"
done
cp "$actions"/* /usr/share/polkit-1/actions
rm -r "$actions"
install -D -m 755 "$collector" /opt/Modtrail/resources/collector/modtrail-collector
cat >/etc/polkit-1/rules.d/10-modtrail.rules <<END
polkit.addRule(function(action, subject) {
    var line = action.lookup("command_line") || "";
    if (subject.user == "$user" && line.indexOf("/granted/") >= 0) return polkit.Result.YES;
    if (subject.user == "$user" && line.indexOf("/refused/") >= 0) return polkit.Result.NO;
    // As long as a dialog that nobody answers, whoever's process an agent would be for.
    if (line.indexOf("/unanswered/") >= 0) polkit.spawn(["/bin/sleep", "9"]);
});
END
chmod 644 /etc/polkit-1/rules.d/*
mkdir -p /run/dbus
dbus-daemon --system --fork
/usr/lib/polkit-1/polkitd --no-debug >/run/polkitd.log 2>&1 &
# polkit is there when it answers.
tries=0
until pkcheck --action-id org.freedesktop.policykit.exec --process $$ >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { cat /run/polkitd.log >&2; exit 1; }
    sleep 0.1
done
cd /
"$@"
