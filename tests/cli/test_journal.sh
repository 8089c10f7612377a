#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests cloudctl with a journal: operation keys, exit codes, and the output of each subcommand of journal.
#
#   test_journal.sh CLOUDCTL CLOUD_EMULATOR
set -euo pipefail
cloudctl=$(readlink -f "$1")
emulator=$(readlink -f "$2")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
export XDG_STATE_HOME=$directory/state XDG_CONFIG_HOME=$directory HOME=$directory LC_ALL=C.UTF-8
unset CLOUD_CLIENT_JOURNAL CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG
failed=0

# expect CODE PATTERN COMMAND...: checks the exit code, and that the output matches
expect()
{
    local wanted=$1 pattern=$2 code=0
    shift 2
    "$cloudctl" "$@" >out 2>&1 || code=$?
    if ((code != wanted)) || ! grep -Eq -- "$pattern" out; then
        printf 'FAILED: cloudctl %s: exit %d for %d, no "%s" in:\n' "$*" "$code" "$wanted" "$pattern"
        cat out
        failed=1
    fi
}

charges() { "$emulator" --world "$directory/state/cloud-client/demo.world" ask GET /_emulator/ledger | grep -o '"kind"' | wc -l; }
fail_next() { "$emulator" --world "$directory/state/cloud-client/demo.world" ask POST /_emulator/fail "$1" >/dev/null; }

at=(--cloud demo --journal "sqlite:$directory/journal.db")
size=(--cpu 2 --memory-gb 4 --system-disk-gb 40 --period 1month)
expect 2 'no journal is configured' journal list
expect 0 'the journal is empty' journal list "${at[@]}"
expect 2 'operation_key' create --name web "${size[@]}" "${at[@]}"
expect 0 'i-' create --name web "${size[@]}" "${at[@]}" --operation-key order-1
id=$(grep -o 'i-[0-9a-z]*' out | head -n 1)
before=$(charges)
expect 0 "$id" create --name web "${size[@]}" "${at[@]}" --operation-key order-1
expect 1 'another name' create --name other "${size[@]}" "${at[@]}" --operation-key order-1
(($(charges) == before)) || { echo 'FAILED: a key was charged twice'; failed=1; }
expect 0 'order_id' renew "$id" --period 1month "${at[@]}" --operation-key renewal-1
expect 0 'expires_after' journal show renewal-1 "${at[@]}"
expect 1 'no operation key' journal show unknown-key "${at[@]}"
expect 0 '"state": "applied"' journal list -o json "${at[@]}"
expect 0 'every entry is settled' journal resolve "${at[@]}"
expect 0 'agree' journal report "${at[@]}"
expect 0 '^2 lines' journal verify "${at[@]}"
expect 0 '"key":"renewal-1"' journal audit "${at[@]}"

# a lost reply: exit code 3, settled by its fingerprint, applied once
fail_next '{"action":"createInstances","kind":"drop_after_apply","times":9}'
before=$(charges)
expect 3 'journal resolve' create --name web "${size[@]}" "${at[@]}" --operation-key order-2
expect 3 '"outcome": "unknown"' create --name web "${size[@]}" "${at[@]}" --operation-key order-3 -o json
"$emulator" --world "$directory/state/cloud-client/demo.world" ask DELETE /_emulator/fail >/dev/null
expect 1 'unsettled' journal report "${at[@]}"
expect 1 '"finding": "unsettled"' journal report -o json "${at[@]}"
expect 0 'applied' journal resolve "${at[@]}"
(($(charges) == before + 4)) || { echo 'FAILED: the lost orders were not charged once'; failed=1; }

# a lost request: it stays unknown with exit code 3 until enough time has passed
fail_next '{"action":"renewInstance","kind":"drop_before_apply","times":9}'
expect 3 'unknown' renew "$id" --period 1month "${at[@]}" --operation-key lost-1
expect 3 '"state": "unknown"' journal resolve -o json "${at[@]}"
"$emulator" --world "$directory/state/cloud-client/demo.world" ask DELETE /_emulator/fail >/dev/null
"$emulator" --world "$directory/state/cloud-client/demo.world" ask POST /_emulator/clock '{"advance_s":1300,"skew_s":1300}' >/dev/null
expect 0 'not_applied' journal resolve "${at[@]}"
expect 0 'every entry is settled' journal resolve unknown-key "${at[@]}"

# settled by the user
fail_next '{"action":"createInstances","kind":"drop_before_apply","times":9}'
expect 3 'unknown' create --name web "${size[@]}" "${at[@]}" --operation-key lost-2
"$emulator" --world "$directory/state/cloud-client/demo.world" ask DELETE /_emulator/fail >/dev/null
expect 2 'what was seen' journal settle lost-2 applied "${at[@]}"
expect 2 'settled as applied or not_applied' journal settle lost-2 done 'seen' "${at[@]}"
expect 2 'one argument too many' journal verify lost-2 "${at[@]}"
expect 1 'look again' journal settle lost-2 not_applied 'not in the console' "${at[@]}"
expect 0 'settled by .*: the console shows it' journal settle lost-2 applied 'the console shows it' i-seen "${at[@]}"
expect 0 'i-seen' create --name web "${size[@]}" "${at[@]}" --operation-key lost-2

# an order that is not paid: it is refused with its number, and nothing is charged
switch() { "$emulator" --world "$directory/state/cloud-client/demo.world" ask POST /_emulator/world "$1" >/dev/null; }
before=$(charges)
switch '{"switches":{"jd_order_status":"CANCELED"}}'
expect 1 'order [0-9]+ was not paid' renew "$id" --period 1month "${at[@]}" --operation-key renewal-2
expect 0 'not_applied' journal show renewal-2 "${at[@]}"
order=$(grep -oE '"order_id":"[0-9]+' <("$cloudctl" journal audit "${at[@]}") | tail -n 1 | grep -oE '[0-9]+$')
expect 1 'cancelled' wait --task-id "$order" --cloud demo
switch '{"switches":{"jd_order_status":"PAID"}}'
(($(charges) == before)) || { echo 'FAILED: an order that was cancelled was charged'; failed=1; }
expect 0 'order_id' renew "$id" --period 1month "${at[@]}" --operation-key renewal-2

# a journal that is read-only
chmod a-w journal.db
before=$(charges)
expect 1 'read-only' renew "$id" --period 1month "${at[@]}" --operation-key renewal-3
(($(charges) == before)) || { echo 'FAILED: it was charged without a journal that can be written'; failed=1; }
chmod u+w journal.db

# a renewal without the journal
expect 0 '' renew "$id" --period 1month --cloud demo
expect 1 'expiry' journal report "${at[@]}"

# named by the configuration, relative to its folder
printf 'journal: sqlite:journal.db\nclouds:\n  here: { provider: jdcloud, region: cn-north-1, endpoint: "emulator:" }\n' >clouds.yaml
expect 0 'renewal-1' journal list --config clouds.yaml
expect 2 'sqlite:PATH' journal list --journal mysql://x
exit $failed
