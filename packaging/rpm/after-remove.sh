#!/bin/sh
# $1 counts the versions that stay: after an update this runs for the old one, when the new one is in place.
set -e
[ "$1" = 0 ] || exit 0
profile=/etc/apparmor.d/modtrail

for link in /usr/bin/modtrail /usr/sbin/modtrail-collector; do
    case $(readlink "$link" || true) in
        /opt/Modtrail/*) rm -f "$link" ;;
    esac
done
if [ -e "$profile" ]; then
    apparmor_parser --remove "$profile" >/dev/null 2>&1 || true
    rm -f "$profile"
fi
exit 0
