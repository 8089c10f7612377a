#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command with an emulator that serves TLS and HTTP/2: Hypercorn in front of cloud-emulator,
# on free ports of the loopback interface, with a self-signed certificate. $CLOUD_TEST_HTTP2 is the
# address, $CLOUD_TEST_CA the certificate, and $CLOUD_TEST_HTTP2_LOG has a line for each request
# (http2_front.py). Exits with 77 where Hypercorn is not installed.
#
#   tests/unit/transport/with_http2.sh CLOUD_EMULATOR COMMAND [ARGUMENT...]
set -euo pipefail

emulator=$1
shift
here=$(dirname -- "$(readlink -f -- "$0")")
if ! command -v hypercorn >/dev/null; then
    echo 'skipped: hypercorn is not installed (Debian: python3-hypercorn)'
    exit 77
fi
directory=$(mktemp -d /tmp/cloud_http2_XXXXXX)
stop()
{
    # shellcheck disable=SC2046  # each line is an argument
    kill $(jobs -p) 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$directory"
}
trap stop EXIT

# wait_for_line FILE PATTERN: waits until a line of the file matches, and prints its part \1
wait_for_line()
{
    local tries=6000 found
    while ((tries-- > 0)); do
        found=$(sed -n "s|.*$2.*|\\1|p" "$1" 2>/dev/null | head -n 1)
        [[ -z $found ]] || { printf '%s\n' "$found"; return; }
        sleep 0.1
    done
    cat "$1" >&2
    return 1
}

"$emulator" --listen 127.0.0.1:0 --world :memory: --key http2:secret >"$directory/emulator" 2>&1 &
port=$(wait_for_line "$directory/emulator" 'listening on http://127\.0\.0\.1:\([0-9]*\)')
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=cloud_client -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$directory/key" -out "$directory/certificate" 2>"$directory/openssl" ||
    { cat "$directory/openssl" >&2; exit 1; }
export CLOUD_TEST_EMULATOR_PORT=$port CLOUD_TEST_CA=$directory/certificate
export CLOUD_TEST_HTTP2_LOG=$directory/log
: >"$CLOUD_TEST_HTTP2_LOG"
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 hypercorn --bind 127.0.0.1:0 \
    --certfile "$directory/certificate" --keyfile "$directory/key" \
    http2_front:app >"$directory/front" 2>&1 &
port=$(wait_for_line "$directory/front" 'https://127\.0\.0\.1:\([0-9]*\)')
CLOUD_TEST_HTTP2=https://127.0.0.1:$port
export CLOUD_TEST_HTTP2
"$@" || { status=$?; cat "$directory/front" >&2; exit "$status"; }
