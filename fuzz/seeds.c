/* SPDX-License-Identifier: MIT */
/* Writes what fuzzing begins with into the folders of the working folder: records as the kernel side makes them. */
#include "../bpf/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 8192
#define IMAGE 600 /* bytes of the image */

/* An input under construction. */
static uint8_t input[65536];
static size_t input_length;

static void write_file(const char *name, const void *bytes, size_t length)
{
    FILE *file = fopen(name, "wb");

    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file)) {
        perror(name);
        exit(2);
    }
}

static void end_input(const char *name)
{
    char path[128];

    snprintf(path, sizeof(path), "records/%s", name);
    write_file(path, input, input_length);
    input_length = 0;
}

static void add(uint8_t flags, const void *record, size_t length)
{
    input[input_length++] = flags;
    input[input_length++] = (uint8_t)length;
    input[input_length++] = (uint8_t)(length >> 8);
    memcpy(input + input_length, record, length);
    input_length += length;
}

/* --- pieces of data ---------------------------------------------------------------------------------------------- */

struct room {
    uint8_t bytes[ROOM];
    uint32_t used;
};

static struct span put(struct room *room, const void *bytes, size_t length, uint32_t state)
{
    struct span span = {room->used, (uint32_t)length, state};

    memcpy(room->bytes + room->used, bytes, length);
    room->used += (uint32_t)length;
    return span;
}

#define PUT(room, text, state) put(room, text, sizeof(text) - 1, state)

static struct file_record file_of(struct room *room, const char *path, size_t length, uint32_t state)
{
    return (struct file_record){
        .inode = 9,
        .size = 170000,
        .links = 1,
        .mode = 0100755,
        .present = 1,
        .path = put(room, path, length, state),
        .components = 2,
        .fs_magic = 0x01021994,
        .fs_name = "tmpfs",
        .device = 8 << 20 | 1,
    };
}

/* A process with its own pieces behind it, as one piece of the room. */
static struct span put_process(struct room *room, uint32_t state)
{
    const struct ancestor_record chain[] = {{100, 41, 0, "sh"}, {50, 1, 0, "init"}};
    struct room own = {0};
    struct span span;
    struct process_record process = {
        .start_ns = 1000,
        .cap_effective = 0x1ffffffffff,
        .cap_permitted = 0x1ffffffffff,
        .cap_bounding = 0x1ffffffffff,
        .cgroup_id = 7,
        .parent_pid = 41,
        .login_uid = 1000,
        .session_id = 3,
        .has_audit = 1,
        .pid_in_ns = 42,
        .mnt_ns = 0xf0000000,
        .pid_ns = 0xf0000001,
        .comm = "insmod",
        .argv = PUT(&own, "insmod\0dummy.ko\0numdummies=2\0", state),
        .cgroup = PUT(&own, "session-1.scope\0user.slice\0\0", state),
        .ancestors = put(&own, chain, sizeof(chain), state),
        .exe = file_of(&own, "kmod\0bin\0", sizeof("kmod\0bin\0") - 1, state),
    };

    room->used = (room->used + 7) & ~7u;
    span = put(room, &process, sizeof(process), READ_WHOLE);
    put(room, own.bytes, own.used, READ_WHOLE);
    span.length += own.used;
    return span;
}

static struct record_head head_of(uint32_t kind, uint32_t data_length, uint64_t ns, uint64_t call_ns)
{
    return (struct record_head){kind, 42, 42, data_length, ns, call_ns};
}

/* --- records ----------------------------------------------------------------------------------------------------- */

/* With a thread the entry can be referred to; with another entry's time it refers to that one. */
static void add_entry_of(uint8_t flags, uint32_t call, uint32_t state, uint64_t ns, uint32_t thread, uint64_t caller_ns)
{
    static const char module[] = "dummy.ko\0net\0drivers\0kernel\0modules\0lib\0";
    struct room room = {0};
    struct entry_record entry = {
        .argument = {3, 0x7f0012345678, 0}, .call = call, .thread = thread, .caller_ns = caller_ns};
    uint8_t record[sizeof(entry) + ROOM];

    entry.text = PUT(&room, "numdummies=2 who=\"two words\"", state);
    if (call == CALL_FINIT_MODULE)
        entry.file = file_of(&room, module, sizeof(module) - 1, state);
    if (!caller_ns)
        entry.process = put_process(&room, state);
    entry.head = head_of(RECORD_ENTRY, room.used, ns, ns);
    memcpy(record, &entry, sizeof(entry));
    memcpy(record + sizeof(entry), room.bytes, room.used);
    add(flags, record, sizeof(entry) + room.used);
}

static void add_entry(uint8_t flags, uint32_t call, uint32_t state, uint64_t ns)
{
    add_entry_of(flags, call, state, ns, 0, 0);
}

static void add_return(uint8_t flags, int64_t value, const char *text, uint32_t run, uint64_t ns, uint64_t call_ns)
{
    struct return_record ret = {.value = value, .run = run};
    struct room room = {0};
    uint8_t record[sizeof(ret) + ROOM];

    if (text)
        ret.text = put(&room, text, strlen(text), READ_WHOLE);
    ret.head = head_of(RECORD_RETURN, room.used, ns, call_ns);
    memcpy(record, &ret, sizeof(ret));
    memcpy(record + sizeof(ret), room.bytes, room.used);
    add(flags, record, sizeof(ret) + room.used);
}

static void add_module(uint32_t kind, uint64_t ns, uint64_t call_ns)
{
    const struct module_record module = {
        .head = head_of(kind, 0, ns, call_ns),
        .address = 0xffffffffc0001000,
        .base = 0xffffffffc0000000,
        .size = 16384,
        .init_base = kind == RECORD_MODULE_LOAD ? 0xffffffffc0010000 : 0,
        .init_size = 4096,
        .taints = 0x3000,
        .taints_known = 1,
        .parameter_count = 1,
        .state = kind == RECORD_MODULE_LOAD ? 1 : 2,
        .name = "dummy",
        .version = "9.9",
        .srcversion = "0F06962CCED8FE4304B66E1",
        .version_state = READ_WHOLE,
        .srcversion_state = READ_WHOLE,
    };

    add(0, &module, sizeof(module));
}

static void add_request(void)
{
    struct room room = {0};
    struct request_record request = {.caller_address = 0xffffffff81000000, .wait = 1, .name = "fs-nosuchfs"};
    uint8_t record[sizeof(request) + ROOM];

    put_process(&room, READ_WHOLE);
    request.head = head_of(RECORD_REQUEST, room.used, 5, 0);
    memcpy(record, &request, sizeof(request));
    memcpy(record + sizeof(request), room.bytes, room.used);
    add(1, record, sizeof(request) + room.used);
}

static void add_image(uint32_t source, uint64_t ns, uint64_t call_ns)
{
    const struct image_record image = {
        .head = head_of(RECORD_IMAGE, 0, ns, call_ns),
        .size = IMAGE,
        .sent = IMAGE,
        .source = source,
        .reading_id = 2,
    };

    add(64, &image, sizeof(image));
}

static void add_chunk(uint32_t offset, uint32_t length, uint64_t ns, uint64_t call_ns)
{
    const struct chunk_record chunk = {head_of(RECORD_CHUNK, length, ns, call_ns), IMAGE, offset};
    uint8_t record[sizeof(chunk) + IMAGE] = {0};

    memcpy(record, &chunk, sizeof(chunk));
    memset(record + sizeof(chunk), 'x', length);
    add(0, record, sizeof(chunk) + length);
}

static void add_parameters(uint64_t ns, uint64_t call_ns)
{
    struct room room = {0};
    struct parameters_record parameters = {.text = PUT(&room, "numdummies=2", READ_WHOLE)};
    uint8_t record[sizeof(parameters) + ROOM];

    parameters.head = head_of(RECORD_PARAMETERS, room.used, ns, call_ns);
    memcpy(record, &parameters, sizeof(parameters));
    memcpy(record + sizeof(parameters), room.bytes, room.used);
    add(0, record, sizeof(parameters) + room.used);
}

static void add_run(uint8_t flags, uint64_t count, uint64_t like_ns)
{
    const struct run_record run = {head_of(RECORD_RUN, 0, 20, like_ns), count, 20, 30, 0, 0};

    add(flags, &run, sizeof(run));
}

static void add_like(uint64_t like_ns)
{
    const struct like_record like = {head_of(RECORD_LIKE, 0, 31, 31), like_ns, 0, 0};

    add(0, &like, sizeof(like));
}

static void write_records(void)
{
    add_entry_of(0, CALL_INIT_MODULE, READ_WHOLE, 10, 3, 0);
    add_return(0, -8, "", 0, 11, 10);
    add_entry_of(0, CALL_DELETE_MODULE, READ_WHOLE, 12, 3, 10);
    add_return(8, -2, "", 0, 13, 12);
    add_entry_of(2, CALL_FINIT_MODULE, READ_WHOLE, 14, 3, 10);
    add_entry_of(0, CALL_FINIT_MODULE, READ_WHOLE, 16, 4, 10);
    end_input("seed-callers");
    add_entry(0, CALL_FINIT_MODULE, READ_WHOLE, 10);
    add_chunk(0, 400, 11, 10);
    add_chunk(400, 200, 11, 10);
    add_image(0, 11, 10);
    add_parameters(12, 10);
    add_module(RECORD_MODULE_LOAD, 12, 10);
    add_return(0, 0, "numdummies=2 who=\"two words\"", 0, 13, 10);
    add_module(RECORD_MODULE_FREE, 20, 0);
    end_input("seed-load");
    add_entry(2, CALL_INIT_MODULE, READ_CUT, 10);
    add_chunk(200, 100, 11, 10);
    add_image(1, 11, 10);
    add_return(4, -8, "another", 0, 13, 10);
    end_input("seed-pending");
    add_entry(0, CALL_DELETE_MODULE, READ_UNREADABLE, 10);
    add_entry(8, CALL_DELETE_MODULE, READ_WHOLE, 11);
    add_return(1, -1, NULL, 0, 12, 11);
    end_input("seed-parts");
    add_entry(0, CALL_FINIT_MODULE, READ_WHOLE, 10);
    add_return(0, -9, NULL, 1, 11, 10);
    add_run(0, 1000, 10);
    add_run(16 | 32, 5, 10);
    add_like(10);
    add_return(8, -8, NULL, 0, 32, 31);
    end_input("seed-run");
    add_request();
    end_input("seed-request");
}

/* --- texts ------------------------------------------------------------------------------------------------------- */

static void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

static void write_texts(void)
{
    static char line[12000];

    write_text("control/seed-stop", "\x85stop\n");
    write_text("control/seed-snapshot", "\x01snapshot\nsnapshot\nnonsense x=1\n\n");
    memset(line, 'a', sizeof(line) - 6);
    memcpy(line + sizeof(line) - 7, "\nstop\n", 7);
    line[0] = 0x7f;
    write_file("control/seed-long", line, sizeof(line) - 1);
    write_text("options/seed-all",
               "--out\nx\n--duration\n1.5\n--images-under\n/a/\n--image-limit\n1000\n--scan-interval\n0\n--max-size\n"
               "2000000\n--rotate\n--sign-key\nk\n--control\ns\n--user\n1000:1000\n--attach\nfentry\n--ring\n65536\n"
               "--image-ring\n131072\n--verbose");
    write_text("options/seed-few", "--no-images\n--user=7\n--out=y\n--version\n--help\nextra");
    /* The key of the first test in RFC 8032, section 7.1. */
    write_text("key/seed-plain", "-----BEGIN PRIVATE KEY-----\n"
                                 "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                                 "-----END PRIVATE KEY-----\n");
    write_text("key/seed-encrypted", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
}

int main(void)
{
    write_records();
    write_texts();
    return 0;
}
