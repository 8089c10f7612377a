#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tests signals: what the parent ignored stays ignored (nohup, background jobs), the others end a purchase with its
# outcome, and a limit of file sizes is an error and not the end of the process.
#
# usage: test_signals.sh CLOUDCTL CLOUD-EMULATOR
set -u
cloudctl=$(realpath "$1")
emulator=$(realpath "$2")
work=$(mktemp -d)
unset CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG XDG_CONFIG_HOME NO_COLOR COLUMNS
export HOME="$work" XDG_STATE_HOME="$work/state"
cd "$work" || exit 1
failed=0
emulator_pid=
trap '[ -z "$emulator_pid" ] || { kill -KILL $emulator_pid; wait; } 2>/dev/null; rm -rf "$work"' EXIT

check() # check NAME COMMAND...
{
    "${@:2}" && return
    failed=$((failed + 1))
    printf 'FAILED: %s\n  exit %s\n' "$1" "$status"
    sed 's/^/  out: /' out | head -5
    sed 's/^/  err: /' err | head -5
}

ends() { [ "$status" -eq "$1" ]; }
says() { grep -qE -e "$2" "$1"; }
quiet() { [ ! -s "$1" ]; }

# with PYTHON-STATEMENTS COMMAND...: becomes the command, with signals at their defaults but for those statements. A shell
# cannot: it ignores SIGINT for its background jobs.
with()
{
    exec python3 -c 'import os, resource, signal, sys
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGXFSZ, signal.SIGPIPE):
    signal.signal(number, signal.SIG_DFL)
exec(sys.argv[1])
os.execv(sys.argv[2], sys.argv[2:])' "$@"
}

# start [PYTHON-STATEMENTS]: starts the emulator and waits for its port; sets $emulator_pid and $url
start()
{
    with "${1-}" "$emulator" --world "$work/world-$RANDOM" >listening 2>emulator-err &
    emulator_pid=$!
    for _ in $(seq 100); do
        url=$(sed -n 's/^listening on //p' listening)
        [ -n "$url" ] && return
        sleep 0.1
    done
    echo 'the emulator does not listen'
    cat emulator-err
    exit 1
}

ask() # ask PATH BODY: a request to the emulator itself
{
    python3 -c 'import sys, urllib.request
urllib.request.urlopen(sys.argv[1] + sys.argv[2], sys.argv[3].encode()).read()' "$url" "$1" "$2"
}

# during SIGNAL STATEMENTS: buys a server that takes two seconds, and sends the signal after one
during()
{
    ask /_emulator/fail '{"kind":"delay","delay_ms":2000,"action":"createInstances","times":1}'
    with "$2" "$cloudctl" --config "$work/clouds.yaml" --cloud store create --name signals --zone cn-north-1a \
        --instance-type g.n2.medium --image-id img-demoubuntu22 --subnet-id subnet-demo000001 --system-disk-gb 40 \
        --period 1month >out 2>err </dev/null &
    local child=$!
    sleep 1
    kill "-$1" $child
    wait $child
    status=$?
}

start
cat >clouds.yaml <<END
clouds:
  store:
    provider: jdcloud
    region: cn-north-1
    access_key_id: EMULATORDEMOKEY0000000000000001
    access_key_secret: emulatordemosecret00000000000001
    endpoint: $url
END
chmod 600 clouds.yaml
for name in HUP INT TERM; do
    during $name ''
    check "SIG$name ends a purchase whose outcome is unknown" ends 3
    check "SIG$name says what is under way" says err 'interrupted'
    during $name "signal.signal(signal.SIG$name, signal.SIG_IGN)"
    check "SIG$name that is ignored stays ignored" ends 0
    check "SIG$name that is ignored says nothing" quiet err
done

# the limit of file sizes

status=0
(with 'resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))' "$cloudctl" --config "$work/clouds.yaml" --cloud store list \
    >out 2>/dev/null </dev/null) || status=$?
check 'no byte can be written: an error' ends 1
kill -TERM $emulator_pid
wait $emulator_pid
status=$?
check 'SIGTERM ends the emulator' ends 0

start 'signal.signal(signal.SIGINT, signal.SIG_IGN)'
kill -INT $emulator_pid
sleep 0.3
status=0
ask /_emulator/fail '{"kind":"delay","delay_ms":1,"action":"createInstances","times":1}' || status=$?
check 'the emulator continues when SIGINT is ignored' ends 0
kill -TERM $emulator_pid
wait $emulator_pid

start 'resource.setrlimit(resource.RLIMIT_FSIZE, (400000, 400000))'
sed -i "s#endpoint: .*#endpoint: $url#" clouds.yaml
for n in $(seq 60); do
    "$cloudctl" --config "$work/clouds.yaml" --cloud store create --name "many-$n" --count 20 --zone cn-north-1a \
        --instance-type g.n2.medium --image-id img-demoubuntu22 --subnet-id subnet-demo000001 --system-disk-gb 40 \
        --period 1month >out 2>err </dev/null || break
done
status=0
check 'the limit of file sizes was reached' [ "$n" -lt 60 ]
kill -0 $emulator_pid || status=$?
check 'the emulator continues at the limit of file sizes' ends 0
[ $failed -eq 0 ]
