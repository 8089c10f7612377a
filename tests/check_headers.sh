#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles each public header alone, in C and in C++, with gcc and clang where they are installed.
# Headers for provider authors are C only. Checks also that include/meson.build installs all.
#
# usage: check_headers.sh SOURCE-DIRECTORY
set -u
source=$(realpath "$1")
passed=0
failed=0

# compile LANGUAGE HEADER COMPILER [FLAG...]: the header compiles alone, without warnings
compile()
{
    language=$1 header=$2
    shift 2
    command -v "$1" >/dev/null || return 0
    if echo "#include \"$header\"" |
        "$@" -Wall -Wextra -Werror -fsyntax-only -x "$language" - 2>messages; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1 does not compile $header as $language"
        head -n 10 messages
    fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
for header in "$source"/include/*.h "$source"/include/*/*.h; do
    for compiler in gcc clang; do
        compile c "$header" $compiler -std=gnu11
    done
    case $header in
    */cloud_provider.h | */cloud_provider/*) ;; # designated initialisers: C only
    *)
        for compiler in g++ clang++; do
            compile c++ "$header" $compiler -std=c++11
        done
        ;;
    esac
    name=${header#"$source"/include/}
    if ! grep -q "'$name'" "$source/include/meson.build"; then
        failed=$((failed + 1))
        echo "FAILED: include/meson.build does not install $name"
    fi
done
if [ $passed -le 40 ]; then
    failed=$((failed + 1))
    echo "FAILED: only $passed compilations"
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
