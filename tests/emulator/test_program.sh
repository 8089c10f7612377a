#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tests the program cloud-emulator: its first line, its keys, its end by a signal, and wrong usage.
set -euo pipefail

program=$1
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }

# expect STATUS TEXT ARGUMENTS...: checks the exit status, and that the output contains the text.
expect() {
    local wanted=$1 text=$2 status=0
    shift 2
    timeout 300 "$program" "$@" >"$work/output" 2>&1 </dev/null || status=$?
    [ "$status" -eq "$wanted" ] || fail "$* ended with $status, not $wanted"
    grep -q -- "$text" "$work/output" || fail "$* does not print $text: $(cat "$work/output")"
}

expect 0 usage --help
expect 2 usage --nonsense
expect 2 surplus surplus
expect 2 ID:SECRET --key only-an-id
expect 1 loopback --listen 0.0.0.0:0
expect 1 /nonexistent/world --world /nonexistent/world
expect 1 'key AK' --key AK:one --key AK:two

for signal in TERM INT; do
    "$program" --listen 127.0.0.1:0 --world "$work/world" --key AK:SK >"$work/out" &
    pid=$!
    for _ in $(seq 2000); do
        [ -s "$work/out" ] && break
        sleep 0.05
    done
    [[ $(head -n 1 "$work/out") =~ ^listening\ on\ http://127\.0\.0\.1:([0-9]+)$ ]] ||
        fail "first line: $(head -n 1 "$work/out")"
    exec 3<>"/dev/tcp/127.0.0.1/${BASH_REMATCH[1]}"
    printf 'GET /_emulator/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    grep -q '"now"' <&3 || fail "no answer from the clock"
    exec 3>&-
    kill -s "$signal" "$pid"
    status=0
    wait "$pid" || status=$?
    pid=
    [ "$status" -eq 0 ] || fail "SIG$signal ended it with $status"
done
