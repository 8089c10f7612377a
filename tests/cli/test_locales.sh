#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Tests cloudctl in a Turkish locale, which the test compiles itself: "i" and "I" are not one letter there.
#
# usage: test_locales.sh CLOUDCTL
set -u
cloudctl=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG XDG_CONFIG_HOME NO_COLOR COLUMNS
export HOME="$work" XDG_STATE_HOME="$work/state"
# The C library keeps the names of a locale's files until the process ends; a sanitizer reports them as leaks.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
cd "$work" || exit 1
localedef -i tr_TR -f UTF-8 ./tr_TR.UTF-8 || exit 77
failed=0

# same NAME ARGUMENT...: prints the same, and ends in the same way, as in the C locale
same()
{
    name=$1
    shift
    "$cloudctl" "$@" >plain 2>&1 </dev/null
    plain=$?
    LOCPATH=$work LC_ALL=tr_TR.UTF-8 "$cloudctl" "$@" >turkish 2>&1 </dev/null
    turkish=$?
    if [ $plain -eq 0 ] && [ $turkish -eq 0 ] && [ -s plain ] && cmp -s plain turkish; then return; fi
    failed=$((failed + 1))
    echo "FAILED: $name: cloudctl $* ends with $plain, and with $turkish in tr_TR.UTF-8"
    diff plain turkish
}

same 'headings' --cloud demo images
same 'headings of CapitalOnline' --cloud demo-ecs images
same 'the help' help create
same 'words of parameters' --cloud demo price --zone cn-north-1a --instance-type g.n2.medium --system-disk-gb 40 \
    --charge-mode PREPAID --period 1MONTH
same 'a search for an action' --cloud demo actions IMAGE
[ $failed -eq 0 ]
