#!/bin/sh
# What the Debian package (scripts/deb.ts) has as files of its own, and by dpkg's triggers.
set -e
app=/opt/Modtrail
profile=/etc/apparmor.d/modtrail

# Earlier packages registered the window under the name of the command line.
if command -v update-alternatives >/dev/null; then
    update-alternatives --remove modtrail "$app/modtrail" >/dev/null 2>&1 || true
fi
ln -sfn "$app/resources/bin/modtrail" /usr/bin/modtrail
ln -sfn "$app/resources/collector/modtrail-collector" /usr/sbin/modtrail-collector

# Where the kernel lets nobody make user namespaces, Chromium's sandbox needs this helper.
chmod 4755 "$app/chrome-sandbox"

if command -v update-mime-database >/dev/null; then
    update-mime-database /usr/share/mime || true
fi
if command -v update-desktop-database >/dev/null; then
    update-desktop-database /usr/share/applications || true
fi

# Older AppArmors know no "userns" and cannot read it; a container cannot load it, which is done at the next start then.
if [ -d /etc/apparmor.d ] && command -v apparmor_parser >/dev/null; then
    if apparmor_parser --skip-kernel-load --skip-cache "$app/resources/apparmor-profile" >/dev/null 2>&1; then
        install -m 0644 "$app/resources/apparmor-profile" "$profile"
        apparmor_parser --replace "$profile" >/dev/null 2>&1 || true
    fi
fi
exit 0
