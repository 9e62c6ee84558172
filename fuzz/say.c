/* SPDX-License-Identifier: MIT */
/* What is shown of a text from outside, in a room of any size: UTF-8 in which nothing drives a terminal or turns text. */
#include "../native/say.h"
#include "../native/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Begins a sequence that say.c hides; written down by bytes here, so that one mistake is not made twice. */
static bool is_hidden(const unsigned char *at)
{
    static const char *const turning[] = {"\u061c", "\u200e", "\u200f", "\u202a", "\u202b",
                                          "\u202c", "\u202d", "\u202e", "\u2066", "\u2067",
                                          "\u2068", "\u2069", "\u2028", "\u2029", "\ufeff"};
    size_t i;

    if (at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0))
        return true;
    for (i = 0; i < sizeof(turning) / sizeof(turning[0]); i++) {
        if (!strncmp((const char *)at, turning[i], strlen(turning[i])))
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text, *shown, *again, *narrow;
    size_t length, room, i;

    if (size < 2)
        return 0;
    room = 1 + data[0] + (size_t)data[1] * 256;
    text = strndup((const char *)data + 2, size - 2);
    shown = malloc(size * SAY_WIDEST + 1);
    again = malloc(size * SAY_WIDEST + 1);
    narrow = malloc(room);
    if (!text || !shown || !again || !narrow)
        abort();
    length = say_printable(text, shown, size * SAY_WIDEST + 1);
    if (strlen(shown) != length || length < strlen(text) || !utf8_is_text(shown, length))
        abort();
    for (i = 0; i < length; i++) {
        if (is_hidden((const unsigned char *)shown + i))
            abort();
    }
    /* What is shown is shown as it is. */
    if (say_printable(shown, again, size * SAY_WIDEST + 1) != length || strcmp(shown, again))
        abort();
    /* Less room shows a beginning of it. */
    length = say_printable(text, narrow, room);
    if (length >= room || strlen(narrow) != length || !utf8_is_text(narrow, length) || strncmp(shown, narrow, length))
        abort();
    free(text);
    free(shown);
    free(again);
    free(narrow);
    return 0;
}
