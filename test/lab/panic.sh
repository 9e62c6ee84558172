# SPDX-License-Identifier: MIT
# A module whose init panics, after an ordinary one. /with/panic.env says how long init waits.
. /with/panic.env
sha256sum /with/modules/mt_panic.ko | cut -d' ' -f1 >/out/mt_panic.sha256
sync
insmod /with/modules/mt_params.ko who=before
sleep 1
insmod /with/modules/mt_panic.ko after_ms="$AFTER_MS"
