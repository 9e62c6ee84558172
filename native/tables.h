/* SPDX-License-Identifier: MIT */
/* The tables of contract/schema.sql, in its order. */
#ifndef MODTRAIL_TABLES_H
#define MODTRAIL_TABLES_H

#include <stddef.h>

enum table {
    TABLE_CAPTURE,
    TABLE_CAPTURE_STOP,
    TABLE_HOOK,
    TABLE_FILE,
    TABLE_PROCESS,
    TABLE_EVENT,
    TABLE_ARGUMENT_TEXT,
    TABLE_CALL_RETURN,
    TABLE_MODULE_FACT,
    TABLE_REQUEST_FACT,
    TABLE_IMAGE_FACT,
    TABLE_IMAGE,
    TABLE_IMAGE_CHUNK,
    TABLE_LOSS_FACT,
    TABLE_CLOCK_FACT,
    TABLE_SNAPSHOT_FACT,
    TABLE_SNAPSHOT_VIEW,
    TABLE_SNAPSHOT_MODULE,
    TABLE_SEALED, /* the tables before this one are under the seal; those after it are the seal */
    TABLE_SEAL = TABLE_SEALED,
    TABLE_SEAL_PART,
    TABLE_SEAL_SIGNATURE,
    TABLE_COUNT,
};

struct table_layout {
    const char *name;
    size_t columns; /* the first one is the key */
};

extern const struct table_layout tables[TABLE_COUNT];

#endif
