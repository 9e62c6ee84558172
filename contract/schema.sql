-- SPDX-License-Identifier: MIT
--
-- The capture file, format version 3. docs/capture-format.md explains every table.
-- The collector embeds this file and runs it once on an empty database; readers compare an opened file with it.
--
-- Rules that hold everywhere:
--   * A row, once written, is final. Nothing is updated or deleted.
--   * The first column is the row's key. Keys only grow, in the order of writing; where a table's keys are `id`, and in
--     `event`, they are dense from 1. The seal is built on this.
--   * NULL is "not recorded"; it is never written for 0 or for an empty string.
--   * A column of type ANY holds bytes that came from outside: TEXT where they are valid UTF-8 without NUL,
--     otherwise BLOB with the exact bytes.
--   * 64-bit unsigned values (registers, addresses, capability sets) are stored as their two's complement.
--   * *_ns is nanoseconds; "boot" is CLOCK_BOOTTIME, "wall" is CLOCK_REALTIME since 1970.

PRAGMA application_id = 0x4d54524c;
PRAGMA user_version = 3;

CREATE TABLE capture (
    id                  INTEGER PRIMARY KEY CHECK (id = 1),
    uuid                TEXT NOT NULL,
    collector_version   TEXT NOT NULL,
    started_boot_ns     INTEGER NOT NULL,
    started_wall_ns     INTEGER NOT NULL,
    host                ANY,
    kernel_release      ANY,
    kernel_version      ANY,
    architecture        ANY,
    boot_id             ANY,
    command_line        ANY,
    taint               INTEGER,
    lockdown            ANY,
    modules_disabled    INTEGER,
    signature_enforced  INTEGER,
    ring_bytes          INTEGER NOT NULL,
    image_ring_bytes    INTEGER NOT NULL,
    image_policy        TEXT NOT NULL CHECK (image_policy IN ('kept', 'hashed', 'under')),
    images_under        ANY,
    image_limit         INTEGER NOT NULL,
    scan_interval_ns    INTEGER,
    part                INTEGER NOT NULL,
    previous_uuid       TEXT,
    previous_digest     BLOB,
    signing_key         BLOB,
    param_values_limit  INTEGER NOT NULL,
    path_limit          INTEGER NOT NULL,
    argv_limit          INTEGER NOT NULL,
    ancestor_limit      INTEGER NOT NULL
) STRICT;

CREATE TABLE capture_stop (
    id                  INTEGER PRIMARY KEY CHECK (id = 1),
    stopped_boot_ns     INTEGER NOT NULL,
    stopped_wall_ns     INTEGER NOT NULL,
    reason              TEXT NOT NULL CHECK (reason IN (
                            'signal', 'duration', 'request', 'peer-gone', 'size-limit', 'rotated', 'disk-full',
                            'file-limit', 'file-gone', 'folder-read-only', 'error')),
    detail              ANY
) STRICT;

CREATE TABLE hook (
    id                  INTEGER PRIMARY KEY,
    purpose             TEXT NOT NULL,
    mechanism           TEXT NOT NULL CHECK (mechanism IN (
                            'tracepoint', 'raw-tracepoint', 'btf-tracepoint', 'fentry', 'fexit', 'kprobe', 'test-run')),
    target              TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('attached', 'unavailable', 'not-needed')),
    reason              ANY
) STRICT;

CREATE TABLE file (
    id                  INTEGER PRIMARY KEY,
    path                ANY,
    path_state          TEXT NOT NULL CHECK (path_state IN ('whole', 'cut', 'unreadable')),
    dev_major           INTEGER,
    dev_minor           INTEGER,
    inode               INTEGER,
    size                INTEGER,
    links               INTEGER,
    mode                INTEGER,
    uid                 INTEGER,
    gid                 INTEGER,
    mtime_wall_ns       INTEGER,
    fs_magic            INTEGER,
    fs_name             ANY,
    open_flags          INTEGER
) STRICT;

CREATE TABLE process (
    id                  INTEGER PRIMARY KEY,
    parent_id           INTEGER REFERENCES process (id),
    detail              TEXT NOT NULL CHECK (detail IN ('caller', 'ancestor')),
    chain_state         TEXT NOT NULL CHECK (chain_state IN ('whole', 'cut')),
    pid                 INTEGER NOT NULL,
    parent_pid          INTEGER,
    start_boot_ns       INTEGER NOT NULL,
    comm                ANY NOT NULL,
    uid                 INTEGER,
    gid                 INTEGER,
    euid                INTEGER,
    egid                INTEGER,
    login_uid           INTEGER,
    session_id          INTEGER,
    cap_effective       INTEGER,
    cap_permitted       INTEGER,
    cap_bounding        INTEGER,
    pid_in_ns           INTEGER,
    mnt_ns              INTEGER,
    pid_ns              INTEGER,
    net_ns              INTEGER,
    user_ns             INTEGER,
    cgroup_id           INTEGER,
    cgroup              ANY,
    exe_file_id         INTEGER REFERENCES file (id),
    argv                BLOB,
    argv_state          TEXT CHECK (argv_state IN ('whole', 'cut', 'unreadable'))
) STRICT;

-- Since version 3.
CREATE INDEX process_by_comm ON process (comm);
CREATE INDEX process_by_program ON process (exe_file_id) WHERE exe_file_id IS NOT NULL;

CREATE TABLE event (
    seq                 INTEGER PRIMARY KEY,
    ns                  INTEGER NOT NULL,
    kind                TEXT NOT NULL CHECK (kind IN (
                            'finit_module', 'init_module', 'delete_module',
                            'module_load', 'module_free', 'module_request', 'image_read',
                            'capture_start', 'capture_stop', 'loss', 'clock', 'snapshot')),
    call_id             INTEGER,
    pid                 INTEGER,
    tid                 INTEGER,
    process_id          INTEGER REFERENCES process (id),
    file_id             INTEGER REFERENCES file (id),
    arg0                INTEGER,
    arg1                INTEGER,
    arg2                INTEGER,
    compat              INTEGER,
    return_value        INTEGER,
    duration_ns         INTEGER,
    repeat              INTEGER NOT NULL DEFAULT 1,
    first_ns            INTEGER,
    last_ns             INTEGER,
    like_seq            INTEGER REFERENCES event (seq)
) STRICT;

CREATE INDEX event_by_ns ON event (ns);
CREATE INDEX event_by_kind ON event (kind);
CREATE INDEX event_by_call ON event (call_id) WHERE call_id IS NOT NULL;
-- Since version 3: who asks for a program, a file or an error is answered without a way through all events. What says
-- whether an event is a call is no IN: SQLite makes a table of its own for one, for each row and index.
CREATE INDEX event_by_process ON event (process_id,
    kind = 'finit_module' OR kind = 'init_module' OR kind = 'delete_module')
    WHERE process_id IS NOT NULL;
CREATE INDEX event_by_file ON event (file_id,
    kind = 'finit_module' OR kind = 'init_module' OR kind = 'delete_module')
    WHERE file_id IS NOT NULL;
CREATE INDEX event_by_return ON event (return_value,
    kind = 'finit_module' OR kind = 'init_module' OR kind = 'delete_module')
    WHERE return_value IS NOT NULL;
CREATE INDEX event_by_like ON event (like_seq, seq, file_id,
    kind = 'finit_module' OR kind = 'init_module' OR kind = 'delete_module')
    WHERE like_seq IS NOT NULL;

CREATE TABLE argument_text (
    id                  INTEGER PRIMARY KEY,
    seq                 INTEGER NOT NULL REFERENCES event (seq),
    argument            INTEGER NOT NULL CHECK (argument BETWEEN 0 AND 2),
    phase               TEXT NOT NULL CHECK (phase IN ('entry', 'kernel', 'return')),
    state               TEXT NOT NULL CHECK (state IN ('whole', 'cut', 'unreadable', 'null')),
    bytes               ANY
) STRICT;

CREATE INDEX argument_text_by_seq ON argument_text (seq);

CREATE TABLE call_return (
    id                  INTEGER PRIMARY KEY,
    seq                 INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    return_value        INTEGER NOT NULL,
    duration_ns         INTEGER NOT NULL
) STRICT;

CREATE TABLE module_fact (
    seq                 INTEGER PRIMARY KEY REFERENCES event (seq),
    address             INTEGER NOT NULL,
    name                ANY NOT NULL,
    state               INTEGER,
    taints              INTEGER,
    version             ANY,
    srcversion          ANY,
    sig_ok              INTEGER,
    parameter_count     INTEGER,
    base                INTEGER,
    size                INTEGER,
    init_base           INTEGER,
    init_size           INTEGER
) STRICT;

CREATE TABLE request_fact (
    seq                 INTEGER PRIMARY KEY REFERENCES event (seq),
    name                ANY NOT NULL,
    wait                INTEGER,
    caller_address      INTEGER
) STRICT;

CREATE TABLE image_fact (
    seq                 INTEGER PRIMARY KEY REFERENCES event (seq),
    source              TEXT NOT NULL CHECK (source IN ('read_file', 'load_data')),
    reading_id          INTEGER,
    size                INTEGER NOT NULL,
    received            INTEGER NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('kept', 'skipped', 'incomplete', 'not-copied')),
    reason              ANY,
    sha256              BLOB,
    image_id            INTEGER REFERENCES image (id)
) STRICT;

CREATE TABLE image (
    id                  INTEGER PRIMARY KEY,
    sha256              BLOB UNIQUE,
    size                INTEGER NOT NULL,
    received            INTEGER NOT NULL,
    first_chunk         INTEGER NOT NULL,
    chunks              INTEGER NOT NULL
) STRICT;

CREATE TABLE image_chunk (
    id                  INTEGER PRIMARY KEY,
    image_id            INTEGER NOT NULL REFERENCES image (id),
    offset              INTEGER NOT NULL,
    bytes               BLOB NOT NULL
) STRICT;

CREATE TABLE loss_fact (
    seq                 INTEGER PRIMARY KEY REFERENCES event (seq),
    source              TEXT NOT NULL CHECK (source IN (
                            'ring-call', 'ring-return', 'ring-stage', 'ring-image', 'thread-table', 'recursion',
                            'collector', 'disk')),
    lost                INTEGER NOT NULL,
    from_ns             INTEGER NOT NULL,
    to_ns               INTEGER NOT NULL
) STRICT;

CREATE TABLE clock_fact (
    seq                 INTEGER PRIMARY KEY REFERENCES event (seq),
    boot_ns             INTEGER NOT NULL,
    wall_ns             INTEGER NOT NULL,
    uncertainty_ns      INTEGER NOT NULL
) STRICT;

CREATE TABLE snapshot_fact (
    seq                 INTEGER PRIMARY KEY REFERENCES event (seq),
    reason              TEXT NOT NULL CHECK (reason IN ('start', 'stop', 'interval', 'request')),
    from_ns             INTEGER NOT NULL,
    to_ns               INTEGER NOT NULL
) STRICT;

CREATE TABLE snapshot_view (
    id                  INTEGER PRIMARY KEY,
    seq                 INTEGER NOT NULL REFERENCES event (seq),
    view                TEXT NOT NULL CHECK (view IN (
                            'proc_modules', 'sysfs', 'kallsyms', 'kernel_list', 'kernel_kset', 'kernel_tree')),
    pass                INTEGER NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('whole', 'cut', 'torn', 'unavailable')),
    reason              ANY,
    from_ns             INTEGER NOT NULL,
    to_ns               INTEGER NOT NULL,
    modules             INTEGER,
    same_as             INTEGER REFERENCES snapshot_view (id)
) STRICT;

CREATE INDEX snapshot_view_by_seq ON snapshot_view (seq);

CREATE TABLE snapshot_module (
    id                  INTEGER PRIMARY KEY,
    view_id             INTEGER NOT NULL REFERENCES snapshot_view (id),
    name                ANY,
    size                INTEGER,
    references_held     INTEGER,
    used_by             ANY,
    state               ANY,
    address             INTEGER,
    base                INTEGER,
    taints              ANY
) STRICT;

CREATE INDEX snapshot_module_by_view ON snapshot_module (view_id);

CREATE TABLE seal (
    id                  INTEGER PRIMARY KEY,
    ns                  INTEGER NOT NULL,
    rows                INTEGER NOT NULL,
    digest              BLOB NOT NULL
) STRICT;

CREATE TABLE seal_part (
    id                  INTEGER PRIMARY KEY,
    seal_id             INTEGER NOT NULL REFERENCES seal (id),
    table_name          TEXT NOT NULL,
    first_key           INTEGER NOT NULL,
    last_key            INTEGER NOT NULL,
    rows                INTEGER NOT NULL,
    digest              BLOB NOT NULL,
    marks               BLOB NOT NULL,
    keys                BLOB
) STRICT;

CREATE TABLE seal_signature (
    id                  INTEGER PRIMARY KEY REFERENCES seal (id),
    signature           BLOB NOT NULL
) STRICT;
