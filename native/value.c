/* SPDX-License-Identifier: MIT */
#include "value.h"

#include "utf8.h"

#include <string.h>

struct value value_null(void)
{
    return (struct value){.type = VALUE_NULL};
}

struct value value_integer(int64_t integer)
{
    return (struct value){.type = VALUE_INTEGER, .integer = integer};
}

struct value value_blob(const void *bytes, size_t length)
{
    return (struct value){.type = VALUE_BLOB, .bytes = bytes ? bytes : "", .length = length};
}

struct value value_any(const void *bytes, size_t length)
{
    struct value value = value_blob(bytes, length);

    if (utf8_is_text(value.bytes, length))
        value.type = VALUE_TEXT;
    return value;
}

struct value value_text(const char *text)
{
    return text ? (struct value){.type = VALUE_TEXT, .bytes = text, .length = strlen(text)} : value_null();
}

struct value value_any_text(const char *text)
{
    return *text ? value_any(text, strlen(text)) : value_null();
}
