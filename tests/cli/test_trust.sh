#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks which files cloudctl trusts: no clouds.yaml of the current directory, no plug-in where none is needed, no file
# that other users can change, nothing that makes it wait. The library's checks are in tests/unit/config/test_config_trust.c.
#
# usage: test_trust.sh CLOUDCTL PLUGIN
set -u
cloudctl=$(realpath "$1")
plugin=$(realpath "$2")
work=$(mktemp -d)
passed=0
failed=0
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
unset CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG CLOUD_CLIENT_JOURNAL XDG_CONFIG_HOME
export HOME="$work/home" XDG_STATE_HOME="$work/state"
mkdir "$HOME" "$work/here"
cd "$work/here" || exit 1

check()
{
    if [ "$1" = "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s: wanted %s, got %s\n' "$3" "$1" "$2"
        cat err
    fi
}

# run STATUS ARGUMENT...: cloudctl ends with this status, within 20 seconds
run()
{
    wanted=$1
    shift
    rm -f ran
    timeout 20 "$cloudctl" "$@" >out 2>err </dev/null
    check "$wanted" $? "status of cloudctl $*"
}

# loaded yes|no: whether the last run loaded the plug-in
loaded()
{
    if [ -e ran ]; then check "$1" yes 'the plug-in was loaded'; else check "$1" no 'the plug-in was loaded'; fi
}

says()
{
    if grep -qF -e "$2" "$1"; then check yes yes; else check "$2" "$(cat "$1")" "$1"; fi
}

cp "$plugin" plugin.so
chmod 755 plugin.so
cat >clouds.yaml <<'YAML'
providers: [ plugin.so ]
clouds:
  mine: { provider: jdcloud, region: cn-north-1, endpoint: "emulator:" }
  theirs: { provider: marking, endpoint: "emulator:" }
YAML
chmod 600 clouds.yaml

# A clouds.yaml in the current directory that was not named

run 0 clouds
loaded no
run 0 --cloud demo regions
loaded no
run 0 __complete --cloud ''
loaded no
if grep -q mine out; then check no yes 'completion read ./clouds.yaml'; fi
run 2 --cloud mine regions
loaded no
XDG_CONFIG_HOME=. run 0 clouds
loaded no

# The same file, named: a plug-in is loaded for a cloud that needs it

named='--config clouds.yaml'
for command in clouds '--cloud demo regions' '--cloud mine regions' 'help list' 'list --help' support --version \
    'actions --cloud mine describeInstances' '--cloud demo journal list --journal sqlite:j.db'; do
    # shellcheck disable=SC2086
    CLOUD_CLIENT_CONFIG=clouds.yaml run 0 $command
    loaded no
done
for words in '--cloud|' '--cloud=|' 'invoke|' '--cloud|theirs|invoke|' 'actions|' 'l'; do
    old=$IFS
    IFS='|'
    # shellcheck disable=SC2086
    CLOUD_CLIENT_CONFIG=clouds.yaml run 0 __complete $words ''
    # shellcheck disable=SC2086
    run 0 __complete $words '' --config clouds.yaml ''
    IFS=$old
    loaded no
done
CLOUD_CLIENT_CONFIG=clouds.yaml run 0 __complete --cloud ''
says out theirs
# shellcheck disable=SC2086
{
    run 2 $named --cloud theirs list
    loaded yes
    says err 'it has no cloud_provider_entry()'
    run 2 $named --cloud theirs actions
    loaded yes
    run 2 $named support
    loaded yes
}

# A plug-in that others can change is not loaded

chmod 777 plugin.so
run 2 --config clouds.yaml --cloud theirs list
loaded no
says err 'clouds.yaml:1: providers[0]: provider ./plugin.so: can be written by other users; run: chmod go-w '
chmod 755 plugin.so
chmod 777 .
mv clouds.yaml ../clouds.yaml
sed "s#plugin.so#$PWD/plugin.so#" ../clouds.yaml >../named.yaml
run 2 --config ../named.yaml --cloud theirs list
loaded no
says err "is in a directory that other users can write; run: chmod go-w $PWD"
chmod 755 .
mv ../clouds.yaml .
if [ "$(id -u)" = 0 ]; then
    chown 65534 plugin.so
    run 2 --config clouds.yaml --cloud theirs list
    loaded no
    says err 'belongs to another user, who can change it; run: chown '
    chown 0 plugin.so
fi

# Nothing waits

mkfifo fifo
for file in fifo /dev/zero /dev/tty .; do
    run 2 --config "$file" clouds
    run 2 --cloud demo passwd i-1 --password-file "$file"
done
printf 'providers: [ fifo ]\nclouds: { a: { provider: b, endpoint: "emulator:" } }\n' >fifo.yaml
run 2 --config fifo.yaml --cloud a list
says err 'providers[0]: provider ./fifo: cannot be read: it is a FIFO or a device; name a regular file'
printf 'clouds: { a: { provider: jdcloud, region: r, endpoint: "emulator:", price_book: fifo } }\n' >fifo.yaml
run 2 --config fifo.yaml --cloud a list
says err 'cannot be read: it is a FIFO or a device'
printf 'clouds: { a: { provider: jdcloud, region: r, endpoint: "https://127.0.0.1:1", access_key_id: "${A}", access_key_secret: "${A}", ca_file: fifo } }\n' >fifo.yaml
A=aaaa run 2 --config fifo.yaml --cloud a list
says err 'cannot be read: it is a FIFO or a device'
run 1 --cloud demo journal list --journal sqlite:fifo
says err 'not a regular file'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
