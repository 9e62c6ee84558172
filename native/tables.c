/* SPDX-License-Identifier: MIT */
#include "tables.h"

const struct table_layout tables[TABLE_COUNT] = {
    [TABLE_CAPTURE] = {"capture", 29},
    [TABLE_CAPTURE_STOP] = {"capture_stop", 5},
    [TABLE_HOOK] = {"hook", 6},
    [TABLE_FILE] = {"file", 15},
    [TABLE_PROCESS] = {"process", 27},
    [TABLE_EVENT] = {"event", 18},
    [TABLE_ARGUMENT_TEXT] = {"argument_text", 6},
    [TABLE_CALL_RETURN] = {"call_return", 4},
    [TABLE_MODULE_FACT] = {"module_fact", 13},
    [TABLE_REQUEST_FACT] = {"request_fact", 4},
    [TABLE_IMAGE_FACT] = {"image_fact", 9},
    [TABLE_IMAGE] = {"image", 6},
    [TABLE_IMAGE_CHUNK] = {"image_chunk", 4},
    [TABLE_LOSS_FACT] = {"loss_fact", 5},
    [TABLE_CLOCK_FACT] = {"clock_fact", 4},
    [TABLE_SNAPSHOT_FACT] = {"snapshot_fact", 4},
    [TABLE_SNAPSHOT_VIEW] = {"snapshot_view", 10},
    [TABLE_SNAPSHOT_MODULE] = {"snapshot_module", 10},
    [TABLE_SEAL] = {"seal", 4},
    [TABLE_SEAL_PART] = {"seal_part", 9},
    [TABLE_SEAL_SIGNATURE] = {"seal_signature", 2},
};
