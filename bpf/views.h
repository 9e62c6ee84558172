/* SPDX-License-Identifier: MIT */
/* Shared memory between the collector and the programs that walk the kernel's own structures of modules. */
#ifndef MODTRAIL_VIEWS_H
#define MODTRAIL_VIEWS_H

#include "records.h"

/* Nodes that are kept of one walk. Since 6.4 a module has up to seven nodes in the tree. */
#define WALK_NODES 8192u
/* Of a red-black tree with so many nodes less than half is ever needed. */
#define WALK_DEPTH 64u
#define WALK_NAME 56u /* MODULE_NAME_LEN (linux/moduleparam.h) */

enum walk_kind {
    WALK_LIST = 0, /* `modules`: every module, by the list that /proc/modules shows */
    WALK_KSET = 1, /* `module_kset`: what has a folder in /sys/module */
    WALK_TREE = 2, /* `mod_tree`: who owns which memory, for looking up addresses */
    WALK_KINDS = 3,
};

enum walk_state {
    WALK_BEGUN = 0,
    WALK_WHOLE = 1,
    WALK_CUT = 2,        /* more nodes than are kept */
    WALK_TORN = 3,       /* the structure changed meanwhile */
    WALK_UNREADABLE = 4, /* an address led nowhere */
};

struct walked_module {
    u64 address; /* of the kernel's struct module */
    u64 base;
    u32 size;
    u32 state; /* the kernel's enum module_state */
    char name[WALK_NAME];
};

/* The first two are the collector's to set, all else but zeros is the program's. */
struct module_walk {
    u64 root;      /* address of the symbol */
    u32 only_look; /* WALK_TREE: reads the sequence and walks nothing */
    u32 runs;
    u32 state; /* enum walk_state */
    u32 count;
    u32 sequence; /* WALK_TREE: grows with every change of the tree, which is every change of the list */
    u32 depth;
    u64 head;
    u64 at;
    u64 stack[WALK_DEPTH];
    struct walked_module module[WALK_NODES];
};

_Static_assert(sizeof(struct walked_module) == 80, "walked_module");
_Static_assert(sizeof(struct module_walk) == 48 + 8 * WALK_DEPTH + 80 * WALK_NODES, "module_walk");

#endif
