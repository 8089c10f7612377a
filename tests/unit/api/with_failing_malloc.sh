#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs test_malloc_fail with the library that lets allocations fail, against an emulator of its own.
#
# usage: with_failing_malloc.sh CLOUD-EMULATOR MALLOC-FAIL-LIBRARY PROGRAM STEP
set -u
work=$(mktemp -d)
"$1" >"$work/listening" 2>&1 &
emulator=$!
trap 'kill $emulator; rm -rf "$work"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    url=$(sed -n 's/^listening on //p' "$work/listening")
    [ -z "$url" ] || break
    sleep 0.2
done
LD_PRELOAD=$(realpath "$2") "$3" "$4" "$url"
