#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Tests sign_vectors itself: it fails for a wrong vector, names the stage that differs, and refuses
# files that it cannot use.
#
# usage: test_sign_vectors.sh SIGN_VECTORS VECTORS-DIRECTORY
set -u
runner=$1
vectors=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0

# expect CODE TEXT FILE...: the runner ends with CODE and prints TEXT
expect()
{
    code=$1 text=$2
    shift 2
    "$runner" "$@" >"$dir/out" 2>&1
    got=$?
    if [ "$got" -ne "$code" ] || ! grep -qF -- "$text" "$dir/out"; then
        echo "expected exit $code and \"$text\" from: $*; got exit $got and:"
        cat "$dir/out"
        bad=1
    fi
}

# change FILE SED-EXPRESSION: prints the name of a changed copy, which must differ
change()
{
    sed "$2" "$vectors/$1" >"$dir/changed.json"
    cmp -s "$vectors/$1" "$dir/changed.json" && echo "nothing changed by $2" >&2 && bad=1
}

expect 0 '78 passed, 0 failed' \
    "$vectors/jdcloud-signing.json" "$vectors/capitalonline-signing.json"

change jdcloud-signing.json '0,/"signature": "5/s//"signature": "6/'
expect 1 'FAIL py-001: signature' "$dir/changed.json"
expect 1 '39 passed, 1 failed' "$dir/changed.json"
change jdcloud-signing.json '0,/"canonical_uri": "\/v1/s//"canonical_uri": "\/v2/'
expect 1 'FAIL py-001: canonical_uri' "$dir/changed.json"
change jdcloud-signing.json '0,/"wire_target": "\/v1/s//"wire_target": "\/v2/'
expect 1 'FAIL py-001: wire_target' "$dir/changed.json"
change jdcloud-signing.json '0,/"nonce": "0f8c/s//"nonce": "1f8c/'
expect 1 'FAIL py-001: emitted_headers' "$dir/changed.json"
change jdcloud-signing.json '0,/FAKESK/s//fakesk/'
expect 1 'FAIL py-001: signing_key_hex' "$dir/changed.json"
change jdcloud-signing.json '0,/"method": "GET"/s//"methods": "GET"/'
expect 1 'no string input.method' "$dir/changed.json"

change capitalonline-signing.json '0,/"string_to_sign": "GET/s//"string_to_sign": "PUT/'
expect 1 'FAIL co-sign-001: string_to_sign' "$dir/changed.json"
change capitalonline-signing.json '0,/ecs\/v1\/?/s//ecs\/v2\/?/'
expect 1 'FAIL co-sign-001: final_url' "$dir/changed.json"
change capitalonline-signing.json '0,/v1?Access/s//v1?access/'
expect 1 'FAIL co-sign-001: final_url_go_sdk' "$dir/changed.json"
change capitalonline-signing.json '0,/ "Action",/s// "action",/'
expect 1 'FAIL co-sign-001: final_pairs' "$dir/changed.json"

expect 2 'usage: sign_vectors FILE'
expect 2 'cannot read' "$dir/none.json"
: >"$dir/empty.json"
expect 2 'the text is empty' "$dir/empty.json"
echo '{"format":1,"vectors":[]}' >"$dir/none-in-it.json"
expect 2 'it holds no vectors' "$dir/none-in-it.json"
echo '{"vectors":[{}]}' >"$dir/format.json"
expect 2 'it has no "format": 1' "$dir/format.json"
echo '{"format":1,"vectors":[{"id":"a","input":{},"expect":{"signature":"x"}}]}' \
    >"$dir/strange.json"
expect 2 'neither known format' "$dir/strange.json"
head -c 1000 "$vectors/jdcloud-signing.json" >"$dir/cut.json"
expect 2 'not JSON at byte' "$dir/cut.json"
exit $bad
