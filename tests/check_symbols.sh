#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks the names of symbols and the libraries that are linked.
#
# The shared libraries export names that begin with cloud_ (cloud_emulator_ in the emulator), and
# they export all functions that the public headers declare. Names that files of one folder share
# begin with the folder's prefix; so no name of ours collides with a caller's when the library is
# linked statically. The library links the libraries that it uses and no others: no database, no
# server.
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

# exported LIBRARY: prints the names that it exports, one a line
exported()
{
    nm -D --defined-only "$1" | sed 's/@.*//' | awk 'NF == 3 { print $3 }'
}

# only PATTERN LABEL: every name on the standard input matches PATTERN, and there is at least one
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

# The library exports the functions that the headers declare, and no others.
for header in "$source"/include/cloud_*.h "$source"/include/cloud_*/*.h; do
    # these two belong to other libraries
    case $header in */cloud_emulator.h | */cloud_journal.h) continue ;; esac
    grep -q CLOUD_API "$header" || continue
    sed -n 's/^CLOUD_API .*[ *]\(cloud_[a-z0-9_]*\)(.*/\1/p
            s/.*CC_AS(\(cc_[a-z0-9_]*\)).*/cloud_\1/p' "$header"
done | sort -u >declared
exported "$library" | sort -u >offered
[ "$(wc -l <declared)" -gt 50 ] || not_ok "the headers declare only $(wc -l <declared) functions"
for name in $(comm -3 declared offered); do
    not_ok "declared and not exported, or exported and not declared: $name"
done

# Members of the archive are named after their source files, so they show the folder of a name.
nm -A --defined-only --extern-only "$objects" 2>/dev/null |
    sed -n 's#^[^:]*:\(.*/\)\{0,1\}\([^:/]*\):[0-9a-f]* [A-Z] \(.*\)$#\2 \3#p' >symbols
[ -s symbols ] || not_ok "no symbols in $objects"
# Names that several products of one vendor share begin with the vendor's name (capitalonline_).
# Names of one product may begin with the product's name (ecs_).
while read -r member name; do
    case $name in
    cc_* | cloud_* | __odr_asan.*) continue ;; # the last pattern is for a sanitizer's symbols
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

# links FILE: prints the libraries that it needs
links()
{
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p'
}
for needed in $(links "$library"); do
    case $needed in
    libcurl.so.* | libcrypto.so.* | libuuid.so.* | libyyjson.so.* | libyaml-*.so.*) ;;
    libc.so.* | libm.so.* | ld-linux*.so.* | libpthread.so.* | libdl.so.*) ;;
    libasan.so.* | libubsan.so.*) ;;
    *) not_ok "the library links $needed" ;;
    esac
done
links "$library" | grep -q libcurl ||
    not_ok "$library does not link libcurl; pass libcloud_client.so as the second argument"
for needed in $(links "$emulator"); do
    case $needed in
    libcloud_client* | libcurl*) not_ok "the emulator links $needed" ;;
    esac
done

rm -rf "$PWD"
echo "$failed failures"
[ $failed -eq 0 ]
