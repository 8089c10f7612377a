#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks the README: its table is the output of `cloudctl support`; its C program compiles without a warning, links with the
# library alone, and buys from the emulator. Checks the examples in the same way.
# CLOUD_TEST_REGENERATE=1 updates the table.
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

"$cloudctl" support -o markdown >support || not_ok 'cloudctl support'
[ "$(grep -c '^|' support)" -gt 20 ] || not_ok 'cloudctl support prints no table'
if [ -n "${CLOUD_TEST_REGENERATE-}" ]; then
    awk 'FNR == NR { table = table $0 "\n"; next }
         /<!-- support -->/ { print; printf "%s", table; skip = 1; next }
         /<!-- \/support -->/ { skip = 0 }
         !skip' support "$source/README.md" >README.new && cat README.new >"$source/README.md"
fi
sed -n '/<!-- support -->/,/<!-- \/support -->/p' "$source/README.md" | sed '1d;$d' >table
if cmp -s table support; then
    ok
else
    not_ok 'the table in README.md differs from the output of cloudctl support -o markdown; run this test with CLOUD_TEST_REGENERATE=1'
    diff table support | head -n 10
fi

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

awk '/^```c$/ { inside = 1; next } /^```/ { if (inside) exit } inside' "$source/README.md" >readme.c
[ "$(wc -l <readme.c)" -gt 15 ] || not_ok 'README.md has no program in C'
compile readme readme.c "$@"
./readme >out 2>err || not_ok "the program of README.md fails: $(cat err)"
if grep -qE '^bought i-[a-z0-9]+$' out; then ok; else not_ok "the program of README.md prints: $(cat out err)"; fi

cat >clouds.yaml <<YAML
clouds:
  jd: { provider: jdcloud, region: cn-north-1, endpoint: "emulator:" }
  ecs: { provider: capitalonline_ecs, zone: CN_Hohhot_B, endpoint: "emulator:", parameters: { family: CPU计算型C3 } }
  ccs: { provider: capitalonline_ccs, region: CN_Beijing_A, endpoint: "emulator:", parameters: { family: CCS.C3 } }
YAML
for file in "$source"/examples/*.c; do
    name=$(basename "$file" .c)
    compile "$name" "$file" "$@"
    if ./"$name" >out 2>err; then ok; else not_ok "examples/$name.c fails: $(cat err)"; fi
    [ -s out ] || not_ok "examples/$name.c prints nothing"
    if [ "$name" = switch ]; then
        for cloud in jd ecs ccs; do
            grep -qE "^$cloud +[0-9.]+ CNY for " out || not_ok "examples/switch.c prints no price of $cloud: $(grep "^$cloud" out)"
        done
    fi
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
