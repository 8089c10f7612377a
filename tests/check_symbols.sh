#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whose names are whose. What the shared libraries export begins with cloud_ (the emulator's: cloud_emulator_); what the
# files of one room share begins with the room's prefix, so that nothing of ours gets in a caller's way when linked
# statically. And the library links what it uses and no more: a database, a server or tables for people are not in it.
#
# usage: check_symbols.sh SOURCE-DIRECTORY LIBCLOUD_CLIENT.SO LIBCLOUD_EMULATOR.SO LIBRARY-OBJECTS.A
set -u
source=$(realpath "$1") library=$(realpath "$2") emulator=$(realpath "$3") objects=$(realpath "$4")
failed=0

not_ok()
{
    failed=$((failed + 1))
    echo "FAILED: $1"
}

# exported LIBRARY: the names it offers, one a line
exported()
{
    nm -D --defined-only "$1" | sed 's/@.*//' | awk 'NF == 3 { print $3 }'
}

# only PATTERN WHAT: what comes in is named so, and there is something
only()
{
    sort -u >names.$$
    [ -s names.$$ ] || not_ok "$2: no names at all"
    for name in $(grep -vE "$1" names.$$); do
        not_ok "$2: $name"
    done
    rm -f names.$$
}

cd "$(mktemp -d)" || exit 1
exported "$library" | only '^cloud_[a-z0-9_]+$' 'exported by the library'
exported "$emulator" | only '^cloud_emulator_[a-z0-9_]+$' 'exported by the emulator'

# every function that the headers declare is there, and none more
for header in "$source"/include/cloud_*.h "$source"/include/cloud_*/*.h; do
    case $header in */cloud_emulator.h | */cloud_journal.h) continue ;; esac # libraries of their own
    grep -q CLOUD_API "$header" || continue
    sed -n 's/^CLOUD_API .*[ *]\(cloud_[a-z0-9_]*\)(.*/\1/p; s/.*CC_AS(\(cc_[a-z0-9_]*\)).*/cloud_\1/p' "$header"
done | sort -u >declared
exported "$library" | sort -u >offered
[ "$(wc -l <declared)" -gt 50 ] || not_ok "the headers declare only $(wc -l <declared) functions"
for name in $(comm -3 declared offered); do
    not_ok "declared and not exported, or exported and not declared: $name"
done

# the objects' names: by folder of the source, as the archive's members are named after their files
nm -A --defined-only --extern-only "$objects" 2>/dev/null |
    sed -n 's#^[^:]*:\(.*/\)\{0,1\}\([^:/]*\):[0-9a-f]* [A-Z] \(.*\)$#\2 \3#p' >symbols
[ -s symbols ] || not_ok "no symbols in $objects"
# what the products of one vendor share bears its name, what is one product's may bear the product's: capitalonline_, ecs_
while read -r member name; do
    case $name in
    cc_* | cloud_* | __odr_asan.*) continue ;; # the last are a sanitizer's
    esac
    case $member in
    *providers_*)
        folder=$(echo "$member" | sed 's/.*providers_//; s/\.c\.o$//')
        for provider in "$source"/providers/*/; do
            own=$(basename "$provider")
            case $folder in
            "$own"_*) prefix="${own}_|${own##*_}_|${own%%_*}_" ;;
            *) continue ;;
            esac
            echo "$name" | grep -qE "^($prefix)" && continue 2
        done
        ;;
    esac
    not_ok "in $member: $name"
done <symbols

# links FILE: the libraries it needs
links()
{
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p'
}
for needed in $(links "$library"); do
    case $needed in
    libcurl.so.* | libcrypto.so.* | libuuid.so.* | libyyjson.so.* | libyaml-*.so.*) ;;
    libc.so.* | libm.so.* | ld-linux*.so.* | libpthread.so.* | libdl.so.* | libasan.so.* | libubsan.so.*) ;;
    *) not_ok "the library links $needed" ;;
    esac
done
links "$library" | grep -q libcurl || not_ok "the library does not link libcurl: is this the library?"
for needed in $(links "$emulator"); do
    case $needed in
    libcloud_client* | libcurl*) not_ok "the emulator links $needed" ;;
    esac
done

rm -rf "$PWD"
echo "$failed failures"
[ $failed -eq 0 ]
