#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz/run.sh TARGET SECONDS [OPTION…]: builds the target, fuzzes it for that long, and keeps the smallest set of inputs
# that reaches all that was reached in fuzz/corpus/TARGET. Inputs that crash it lie in dist/fuzz/found/TARGET.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
seconds=$2
shift 2
out=$here/../dist/fuzz
corpus=$here/corpus/$target
make -s -C "$here" "$(dirname "$here")/dist/fuzz/$target" # by the name that fuzz/Makefile has for it
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/grown" "$work/small" "$out/found/$target"

set -- -max_len=16384 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 "$@"
status=0
"$out/$target" -max_total_time="$seconds" -artifact_prefix="$out/found/$target/" "$@" "$work/grown" "$corpus" || status=$?
[ "${KEEP:-1}" = 1 ] || exit "$status"
[ "$status" = 0 ] && "$out/$target" -merge=1 "$work/small" "$corpus" "$work/grown" 2>/dev/null && {
    rm -f "$corpus"/*
    cp "$work/small"/* "$corpus"/
}
exit "$status"
