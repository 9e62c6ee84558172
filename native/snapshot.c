/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include "view-sources.h"

#include <stdlib.h>
#include <string.h>

#define STEP_NS 4000000

/* Readings in the order in which they are taken. */
enum reading {
    FIRST_LIST,
    FIRST_KSET,
    FIRST_TREE,
    FIRST_PROC_MODULES,
    ONLY_SYSFS,
    ONLY_KALLSYMS,
    SECOND_PROC_MODULES,
    SECOND_LIST,
    SECOND_KSET,
    SECOND_TREE,
    READINGS,
};

/* What was last written of a view, for saying that it is the same. */
struct written {
    struct view view;
    int64_t id; /* 0: nothing yet */
};

struct snapshots {
    struct view_sources sources;
    const char *reason; /* NULL: none under way */
    const char *wanted; /* the next one */
    enum reading next;
    bool within; /* the next reading has begun */
    struct view reading[READINGS];
    struct written written[VIEW_KINDS];
};

struct snapshots *snapshots_open(struct walks *walks)
{
    struct snapshots *snapshots = calloc(1, sizeof(*snapshots));

    if (snapshots)
        view_sources_open(&snapshots->sources, walks);
    return snapshots;
}

void snapshots_close(struct snapshots *snapshots)
{
    size_t i;

    if (!snapshots)
        return;
    view_sources_close(&snapshots->sources);
    for (i = 0; i < READINGS; i++)
        view_free(&snapshots->reading[i]);
    for (i = 0; i < VIEW_KINDS; i++)
        view_free(&snapshots->written[i].view);
    free(snapshots);
}

static void begin(struct snapshots *snapshots, const char *reason)
{
    snapshots->reason = reason;
    snapshots->next = FIRST_LIST;
    snapshots->within = false;
}

void snapshots_ask(struct snapshots *snapshots, const char *reason)
{
    if (snapshots->reason)
        snapshots->wanted = reason;
    else
        begin(snapshots, reason);
}

void snapshots_begin_part(struct snapshots *snapshots)
{
    size_t i;

    for (i = 0; i < VIEW_KINDS; i++)
        snapshots->written[i].id = 0;
}

bool snapshots_busy(const struct snapshots *snapshots)
{
    return snapshots->reason != NULL;
}

/* Takes the next reading, or a part of it. Returns whether more of it is to be read. */
static bool take(struct snapshots *snapshots, int64_t until_ns)
{
    struct view_sources *sources = &snapshots->sources;
    struct view *view = &snapshots->reading[snapshots->next];

    switch (snapshots->next) {
    case FIRST_LIST:
    case SECOND_LIST:
        view_read_kernel(sources, WALK_LIST, view);
        return false;
    case FIRST_KSET:
    case SECOND_KSET:
        view_read_kernel(sources, WALK_KSET, view);
        return false;
    case FIRST_TREE:
    case SECOND_TREE:
        view_read_kernel(sources, WALK_TREE, view);
        return false;
    case ONLY_SYSFS:
        return view_read_sysfs(sources, view, !snapshots->within, until_ns);
    case ONLY_KALLSYMS:
        return view_read_kallsyms(sources, view, !snapshots->within, until_ns);
    default:
        view_read_proc_modules(sources, view);
        return false;
    }
}

static struct value shown(int64_t number)
{
    return number < 0 ? value_null() : value_integer(number);
}

static struct value address(uint64_t number)
{
    return number ? value_integer((int64_t)number) : value_null();
}

static struct value text(const struct view *view, uint32_t place)
{
    return place ? value_any_text(view_text(view, place)) : value_null();
}

static int put_modules(struct store *store, int64_t view_id, const struct view *view)
{
    size_t i;
    int r = 0;

    for (i = 0; !r && i < view->count; i++) {
        const struct view_module *module = &view->module[i];

        r = store_insert(store, TABLE_SNAPSHOT_MODULE,
                         (struct value[]){value_integer(store_next_id(store, TABLE_SNAPSHOT_MODULE)),
                                          value_integer(view_id), text(view, module->name), shown(module->size),
                                          shown(module->references), text(view, module->used_by),
                                          text(view, module->state), address(module->address), address(module->base),
                                          text(view, module->taints)},
                         10);
    }
    return r;
}

static int put_view(struct snapshots *snapshots, struct store *store, int64_t seq, enum reading reading)
{
    struct view *view = &snapshots->reading[reading], swapped;
    struct written *written = &snapshots->written[view->kind];
    bool available = view->state != VIEW_UNAVAILABLE;
    bool same = available && written->id && view_is_same(view, &written->view);
    int64_t id = store_next_id(store, TABLE_SNAPSHOT_VIEW);
    int r;

    r = store_insert(store, TABLE_SNAPSHOT_VIEW,
                     (struct value[]){value_integer(id), value_integer(seq), value_text(view_name(view->kind)),
                                      value_integer(reading >= SECOND_PROC_MODULES ? 2 : 1),
                                      value_text(view_state_name(view->state)), value_any_text(view->reason),
                                      value_integer(view->from_ns), value_integer(view->to_ns),
                                      available ? value_integer((int64_t)view->count) : value_null(),
                                      same ? value_integer(written->id) : value_null()},
                     10);
    if (r || same || !available)
        return r;
    r = put_modules(store, id, view);
    written->id = id;
    swapped = written->view;
    written->view = *view;
    *view = swapped;
    return r;
}

static int put_snapshot(struct snapshots *snapshots, struct recorder *recorder, struct store *store)
{
    int64_t from_ns = snapshots->reading[0].from_ns, to_ns = snapshots->reading[READINGS - 1].to_ns;
    enum reading reading;
    int64_t seq;
    int r;

    r = recorder_put_own(recorder, "snapshot", from_ns, &seq);
    if (!r)
        r = store_insert(store, TABLE_SNAPSHOT_FACT,
                         (struct value[]){value_integer(seq), value_text(snapshots->reason), value_integer(from_ns),
                                          value_integer(to_ns)},
                         4);
    for (reading = 0; !r && reading < READINGS; reading++)
        r = put_view(snapshots, store, seq, reading);
    return r;
}

/* In a step of its own: what came and went during the last reading is taken, and written, before. */
static int finish(struct snapshots *snapshots, struct recorder *recorder, struct store *store)
{
    int r = put_snapshot(snapshots, recorder, store);

    snapshots->reason = NULL;
    if (snapshots->wanted)
        begin(snapshots, snapshots->wanted);
    snapshots->wanted = NULL;
    return r;
}

int snapshots_step(struct snapshots *snapshots, struct recorder *recorder, struct store *store)
{
    int64_t until_ns = clock_boot_ns() + STEP_NS;

    if (!snapshots->reason)
        return 0;
    if (snapshots->next == READINGS)
        return finish(snapshots, recorder, store);
    do {
        snapshots->within = take(snapshots, until_ns);
        if (!snapshots->within)
            snapshots->next++;
    } while (snapshots->next < READINGS && clock_boot_ns() < until_ns);
    return 0;
}
