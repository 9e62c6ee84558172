/* SPDX-License-Identifier: MIT */
#include "say.h"

#include "place.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LONGEST (2 * PLACE_TEXT + 64) /* what main.c has of a failure, and whose it is */

/* What is not shown as it is, in order: controls, marks of direction, ends of lines, and the mark of byte order. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x00, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
};

static bool is_hidden(uint32_t character)
{
    size_t i;

    for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (character >= hidden[i].first && character <= hidden[i].last)
            return true;
    }
    return false;
}

/* The character of a valid sequence. */
static uint32_t character_at(const unsigned char *at, size_t length)
{
    uint32_t character = length == 1 ? at[0] : at[0] & (0x7fu >> length);
    size_t i;

    for (i = 1; i < length; i++)
        character = character << 6 | (at[i] & 0x3f);
    return character;
}

/* The first character of `at`, as it is shown, in `ret_shown`. Returns its bytes. */
static size_t show(const unsigned char *at, size_t left, char ret_shown[16])
{
    size_t length = utf8_length(at, left);
    uint32_t character = length ? character_at(at, length) : 0;

    if (!length)
        snprintf(ret_shown, 16, "\\x%02x", at[0]);
    else if (!is_hidden(character))
        snprintf(ret_shown, 16, "%.*s", (int)length, (const char *)at);
    else
        snprintf(ret_shown, 16, character < 0x100 ? "\\x%02x" : "\\u{%x}", character);
    return length ? length : 1;
}

size_t say_printable(const char *text, char *ret_text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t left = strlen(text), written = 0;

    while (left > 0) {
        char shown[16];
        size_t taken = show(at, left, shown), more = strlen(shown);

        if (written + more >= size)
            break;
        memcpy(ret_text + written, shown, more);
        written += more;
        at += taken;
        left -= taken;
    }
    ret_text[written] = '\0';
    return written;
}

void say(const char *format, ...)
{
    static char text[LONGEST], shown[LONGEST * SAY_WIDEST + 1];
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    length = say_printable(text, shown, sizeof(shown) - 1);
    shown[length] = '\n';
    fwrite(shown, 1, length + 1, stderr);
}
