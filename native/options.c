/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char options_usage[] =
    "usage: modtrail-collector --out FILE [options]\n"
    "       modtrail-collector --stdout [options]\n"
    "       modtrail-collector --from STREAM --out FILE [--control SOCKET]\n"
    "\n"
    "Records every attempt to load or remove a kernel module into FILE, a new capture; or streams the capture to "
    "another\n"
    "machine, where the same program, without any right, makes the file of it.\n"
    "\n"
    "  --out FILE           where to write; must not exist yet\n"
    "  --stdout             stream the capture to standard output; 'stop' and 'snapshot' are read from a pipe, socket "
    "or\n"
    "                       serial line on standard input\n"
    "  --from STREAM        where a stream comes from: - for standard input, or the path of a socket, fifo, serial "
    "line or\n"
    "                       file\n"
    "  --duration SECONDS   stop after that time\n"
    "  --no-images          keep no bytes of modules, only their hashes\n"
    "  --images-under PATH  keep the bytes of modules from files under PATH, of others only the hashes\n"
    "  --image-limit BYTES  keep no bytes of longer modules, only their hashes (default: 268435456)\n"
    "  --scan-interval SECONDS\n"
    "                       look at the loaded modules that often, besides start and stop (default: 60; 0: never)\n"
    "  --max-size BYTES     stop when the file is that large\n"
    "  --rotate             with --max-size: go on in FILE-2, FILE-3 and so on instead of stopping\n"
    "  --sign-key KEY       sign every commit with this Ed25519 private key (PKCS#8, PEM)\n"
    "  --control SOCKET     connect to this unix socket for status and stop\n"
    "  --keep SOCKET        with --control: go on when the peer is gone, and listen at this new unix socket for\n"
    "                       another one of the same user\n"
    "  --user UID[:GID]     who the file belongs to (default: who called sudo or pkexec)\n"
    "  --attach HOW         auto, tracepoint, fentry or raw (default: auto)\n"
    "  --ring BYTES         size of the buffer for calls, a power of two (default: 4194304)\n"
    "  --image-ring BYTES   size of the buffer for modules' bytes, a power of two\n"
    "                       (default: 134217728, less on a machine with little memory)\n"
    "  --verbose            print what the kernel says of each program\n"
    "  --version            print the version\n"
    "  --help               print this text\n";

enum {
    OUT = 1,
    TO_STDOUT,
    FROM,
    DURATION,
    NO_IMAGES,
    IMAGES_UNDER_PATH,
    IMAGE_LIMIT,
    SCAN_INTERVAL,
    MAX_SIZE,
    ROTATE,
    SIGN_KEY,
    CONTROL,
    KEEP,
    USER,
    ATTACH,
    RING,
    IMAGE_RING,
    VERBOSE,
    VERSION,
    HELP
};

/* What says how the kernel is watched, and what the recorder does with what it sees. */
static bool is_of_recording(int option)
{
    switch (option) {
    case DURATION:
    case NO_IMAGES:
    case IMAGES_UNDER_PATH:
    case IMAGE_LIMIT:
    case SCAN_INTERVAL:
    case MAX_SIZE:
    case ROTATE:
    case SIGN_KEY:
    case ATTACH:
    case RING:
    case IMAGE_RING:
        return true;
    default:
        return false;
    }
}

static int read_seconds(const char *text, double minimum, uint64_t *ret_ns)
{
    char *end;
    double seconds;

    if (*text < '0' || *text > '9' || strpbrk(text, "xX"))
        return -EINVAL;
    errno = 0;
    seconds = strtod(text, &end);
    if (errno || end == text || *end || !isfinite(seconds) || seconds < minimum || seconds > 1e9)
        return -EINVAL;
    *ret_ns = (uint64_t)(seconds * 1e9);
    return 0;
}

static int read_number(const char *text, char end_mark, uint64_t maximum, uint64_t *ret_value, const char **ret_end)
{
    char *end;
    unsigned long long value;

    if (*text < '0' || *text > '9')
        return -EINVAL;
    errno = 0;
    value = strtoull(text, &end, 10);
    if (errno || (*end && *end != end_mark) || value > maximum)
        return -EINVAL;
    *ret_value = value;
    *ret_end = end;
    return 0;
}

static int read_user(const char *text, struct options *options)
{
    const char *end;
    uint64_t value;

    if (read_number(text, ':', UINT32_MAX - 1, &value, &end))
        return -EINVAL;
    options->user = (uid_t)value;
    if (*end == ':') {
        if (read_number(end + 1, '\0', UINT32_MAX - 1, &value, &end))
            return -EINVAL;
        options->group = (gid_t)value;
    } else {
        options->group = (gid_t)value;
    }
    options->has_user = true;
    return 0;
}

static int read_ring(const char *text, uint32_t *ret_bytes)
{
    const char *end;
    uint64_t value;

    if (read_number(text, '\0', 1u << 30, &value, &end))
        return -EINVAL;
    if (value < 65536 || (value & (value - 1)))
        return -EINVAL;
    *ret_bytes = (uint32_t)value;
    return 0;
}

static int read_bytes(const char *text, uint64_t minimum, uint64_t *ret_bytes)
{
    const char *end;

    if (read_number(text, '\0', INT64_MAX, ret_bytes, &end) || *ret_bytes < minimum)
        return -EINVAL;
    return 0;
}

/* The kernel's names of files are absolute; so is what they are compared with. */
static int read_under(char *text, struct options *options)
{
    size_t length = strlen(text);

    if (*text != '/')
        return -EINVAL;
    while (length > 1 && text[length - 1] == '/')
        text[--length] = '\0';
    options->images_under = text;
    options->image_policy = IMAGES_UNDER;
    return 0;
}

static int read_attach(const char *text, enum attach_choice *ret_choice)
{
    static const char *const names[] = {"auto", "tracepoint", "fentry", "raw"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(text, names[i]))
            continue;
        *ret_choice = (enum attach_choice)i;
        return 0;
    }
    return -EINVAL;
}

/* The ring lies in the kernel's memory from beginning to end: at most a quarter of the machine's. */
static uint32_t default_image_ring(void)
{
    uint64_t quarter = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / 4;
    uint32_t bytes = 128u << 20;

    while (bytes > quarter && bytes > 65536)
        bytes /= 2;
    return bytes;
}

/* What does not go together, or lacks something. */
static int check_together(const struct options *options, char *ret_error, size_t error_size)
{
    const char *wrong = NULL;

    if (options->to_stdout && options->out)
        wrong = "--stdout and --out exclude each other";
    else if (options->to_stdout && options->from)
        wrong = "--stdout and --from exclude each other";
    else if (options->to_stdout && options->control)
        wrong = "with --stdout requests come from standard input, not from --control";
    else if (options->to_stdout && options->max_bytes)
        wrong = "a stream has no --max-size";
    else if (!options->to_stdout && (!options->out || !*options->out))
        wrong = "--out FILE is missing";
    else if (options->from && !*options->from)
        wrong = "--from needs the path of a stream, or - for standard input";
    else if (options->keep && (!options->control || options->from))
        wrong = "--keep needs --control, and the kernel as source";
    else if (options->rotate && !options->max_bytes)
        wrong = "--rotate needs --max-size";
    else if (options->no_images && options->images_under)
        wrong = "--no-images and --images-under exclude each other";
    if (!wrong)
        return 0;
    snprintf(ret_error, error_size, "%s; see --help", wrong);
    return -EINVAL;
}

/* The word that is none. Of short options, which there are none of, getopt is still within it. */
static const char *wrong_word(int argc, char **argv, int last_known)
{
    const char *before = argv[optind - 1];
    bool is_before = *before == '-' && (optopt <= last_known || (before[1] != '-' && strchr(before, optopt)));

    return is_before || optind >= argc ? before : argv[optind];
}

int options_read(int argc, char **argv, struct options *ret_options, char *ret_error, size_t error_size)
{
    static const struct option known[] = {
        {"out", required_argument, NULL, OUT},
        {"stdout", no_argument, NULL, TO_STDOUT},
        {"from", required_argument, NULL, FROM},
        {"duration", required_argument, NULL, DURATION},
        {"no-images", no_argument, NULL, NO_IMAGES},
        {"images-under", required_argument, NULL, IMAGES_UNDER_PATH},
        {"image-limit", required_argument, NULL, IMAGE_LIMIT},
        {"scan-interval", required_argument, NULL, SCAN_INTERVAL},
        {"max-size", required_argument, NULL, MAX_SIZE},
        {"rotate", no_argument, NULL, ROTATE},
        {"sign-key", required_argument, NULL, SIGN_KEY},
        {"control", required_argument, NULL, CONTROL},
        {"keep", required_argument, NULL, KEEP},
        {"user", required_argument, NULL, USER},
        {"attach", required_argument, NULL, ATTACH},
        {"ring", required_argument, NULL, RING},
        {"image-ring", required_argument, NULL, IMAGE_RING},
        {"verbose", no_argument, NULL, VERBOSE},
        {"version", no_argument, NULL, VERSION},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    struct options options = {
        .ring_bytes = 4u << 20,
        .image_ring_bytes = default_image_ring(),
        .image_limit = 256u << 20,
        .scan_interval_ns = 60000000000u,
    };
    const char *of_recording = NULL;
    int found, index = 0, r = 0;

    opterr = 0;
    while ((found = getopt_long(argc, argv, "", known, &index)) != -1) {
        if (is_of_recording(found))
            of_recording = known[index].name;
        switch (found) {
        case OUT:
            options.out = optarg;
            break;
        case TO_STDOUT:
            options.to_stdout = true;
            break;
        case FROM:
            options.from = optarg;
            break;
        case DURATION:
            r = read_seconds(optarg, 1e-9, &options.duration_ns);
            break;
        case NO_IMAGES:
            options.no_images = true;
            options.image_policy = IMAGES_HASHED;
            break;
        case IMAGES_UNDER_PATH:
            r = read_under(optarg, &options);
            break;
        case IMAGE_LIMIT:
            r = read_bytes(optarg, 0, &options.image_limit);
            break;
        case SCAN_INTERVAL:
            r = read_seconds(optarg, 0, &options.scan_interval_ns);
            break;
        case MAX_SIZE:
            r = read_bytes(optarg, 1u << 20, &options.max_bytes);
            break;
        case ROTATE:
            options.rotate = true;
            break;
        case SIGN_KEY:
            options.sign_key = optarg;
            break;
        case CONTROL:
            options.control = optarg;
            break;
        case KEEP:
            options.keep = optarg;
            break;
        case USER:
            r = read_user(optarg, &options);
            break;
        case ATTACH:
            r = read_attach(optarg, &options.attach);
            break;
        case RING:
            r = read_ring(optarg, &options.ring_bytes);
            break;
        case IMAGE_RING:
            r = read_ring(optarg, &options.image_ring_bytes);
            break;
        case VERBOSE:
            options.verbose = true;
            break;
        case VERSION:
            options.show_version = true;
            break;
        case HELP:
            options.show_help = true;
            break;
        default:
            snprintf(ret_error, error_size, "'%s' is not an option or lacks its value; see --help",
                     wrong_word(argc, argv, HELP));
            return -EINVAL;
        }
        if (r) {
            snprintf(ret_error, error_size, "--%s does not take '%s'; see --help", known[index].name, optarg);
            return r;
        }
    }
    if (optind < argc) {
        snprintf(ret_error, error_size, "'%s' was not expected; see --help", argv[optind]);
        return -EINVAL;
    }
    r = options.show_help || options.show_version ? 0 : check_together(&options, ret_error, error_size);
    if (!r && options.from && of_recording) {
        snprintf(ret_error, error_size,
                 "--%s is for a recording, and --from takes one that is made elsewhere; see --help", of_recording);
        r = -EINVAL;
    }
    *ret_options = options;
    return r;
}
