#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks the README: its support matrix and the page docs/user/support.md are the output of `cloudctl support`; its program
# in C has at most twenty lines, compiles without a warning, links with the library alone, and buys at the emulator. Checks
# that the programs of examples/ do the same. CLOUD_TEST_REGENERATE=1 rewrites the matrix and the page.
#
# usage: test_readme.sh SOURCE-DIRECTORY CLOUDCTL LIBCLOUD_CLIENT.SO LIBCLOUD_EMULATOR.SO CC [FLAG...]
set -u
source=$(realpath "$1")
cloudctl=$(realpath "$2")
library=$(realpath "$3")
emulator=$(realpath "$4")
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
unset CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG XDG_CONFIG_HOME
export HOME="$work" XDG_STATE_HOME="$work/state"
cd "$work" || exit 1

ok()
{
    passed=$((passed + 1))
}

not_ok()
{
    failed=$((failed + 1))
    echo "FAILED: $1"
}

# same_text FILE TEXT: the part of FILE between the markers "support" is the file TEXT
same_text()
{
    if [ -n "${CLOUD_TEST_REGENERATE-}" ]; then
        awk 'FNR == NR { text = text $0 "\n"; next }
             /<!-- support -->/ { print; printf "%s", text; skip = 1; next }
             /<!-- \/support -->/ { skip = 0 }
             !skip' "$2" "$1" >new && cat new >"$1"
    fi
    [ "$(grep -c '^<!-- /*support -->$' "$1")" -eq 2 ] || not_ok "${1#"$source"/} has not one pair of markers"
    sed -n '/<!-- support -->/,/<!-- \/support -->/p' "$1" | sed '1d;$d' >found
    if cmp -s found "$2"; then
        ok
    else
        not_ok "${1#"$source"/} is not the output of cloudctl support; CLOUD_TEST_REGENERATE=1 rewrites it"
        diff found "$2" | head -n 10
    fi
}

"$cloudctl" support -o markdown >support || not_ok 'cloudctl support'
sed '/^$/,$d' support >matrix
[ "$(grep -c '^|' matrix)" -gt 20 ] || not_ok 'cloudctl support prints no table'
same_text "$source/README.md" matrix
same_text "$source/docs/user/support.md" support

# link_library FILE: creates the symbolic links that the linker and the loader look for
link_library()
{
    name=$(basename "$1" | sed 's/\.so.*//')
    ln -s "$1" "$name.so"
    ln -s "$1" "$name.so.0"
}
link_library "$library"
link_library "$emulator"
export LD_LIBRARY_PATH="$work"

# compile NAME FILE COMPILER...: builds the program NAME with the public headers and the libraries of those it includes
compile()
{
    name=$1 file=$2 emulated=
    shift 2
    grep -q '<cloud_emulator.h>' "$file" && emulated=-lcloud_emulator
    if "$@" -std=gnu11 -Wall -Wextra -Werror -I"$source/include" "$file" -o "$name" -L. -lcloud_client $emulated \
        2>messages; then
        ok
    else
        not_ok "$name does not compile"
        head -n 10 messages
    fi
}

# block LANGUAGE: the first block of the README in that language
block()
{
    awk -v begin="\`\`\`$1" '$0 == begin { inside = 1; next } /^```/ { if (inside) exit } inside' "$source/README.md"
}

block c >readme.c
block yaml >clouds.yaml
lines=$(grep -c . readme.c)
if [ "$lines" -gt 10 ] && [ "$lines" -le 20 ]; then ok; else not_ok "the program of README.md has $lines lines"; fi
compile readme readme.c "$@"
./readme >out 2>err || not_ok "the program of README.md fails: $(cat out err)"
if grep -qE '^applied: i-[a-z0-9]+$' out; then ok; else not_ok "the program of README.md prints: $(cat out err)"; fi

cat >clouds.yaml <<YAML
clouds:
  jd: { provider: jdcloud, region: cn-north-1, endpoint: "emulator:" }
  ecs: { provider: capitalonline_ecs, zone: CN_Hohhot_B, endpoint: "emulator:", parameters: { family: CPU计算型C3 } }
  ccs: { provider: capitalonline_ccs, region: CN_Beijing_A, endpoint: "emulator:", parameters: { family: CCS.C3 } }
YAML
for file in "$source"/examples/*.c; do
    name=$(basename "$file" .c)
    compile "$name" "$file" "$@"
    if CLOUD_CLIENT_CONFIG=clouds.yaml ./"$name" >out 2>err; then ok; else not_ok "examples/$name.c fails: $(cat err)"; fi
    [ -s out ] || not_ok "examples/$name.c prints nothing"
    if [ "$name" = switch ]; then
        for cloud in jd ecs ccs; do
            grep -qE "^$cloud +[0-9.]+ CNY for " out || not_ok "examples/switch.c prints no price of $cloud: $(grep "^$cloud" out)"
        done
    fi
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
