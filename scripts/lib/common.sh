# SPDX-License-Identifier: Apache-2.0
# Functions for the scripts of this folder: help, messages, steps that print only their result, building.
# A script sets $root (the top of the repository) and then reads this file with `source`. Nothing runs by itself.
# shellcheck shell=bash

# help_if_asked ARGUMENT...: when the first argument is --help or -h, prints the comment at the top of the script, which
# is its help text, and ends the script.
help_if_asked()
{
    [[ ${1-} == --help || ${1-} == -h ]] || return 0
    sed -n '3,/^[^#]/ s/^# \{0,1\}//p' "$0"
    exit 0
}

# Prints one line, after the name of the script.
say()
{
    printf '%s: %s\n' "${0##*/}" "$*"
}

fail()
{
    say "$*" >&2
    exit 1
}

# quietly TITLE COMMAND...: runs the command and prints "TITLE... done (3 s)", or "failed" and the command's output.
# When $output_copy names a file, the output is also copied to it.
quietly()
{
    local title=$1 since=$SECONDS log status=0
    shift
    log=$(mktemp)
    printf '%s... ' "$title"
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if ((status == 0)); then
        printf 'done (%d s)\n' $((SECONDS - since))
    else
        printf 'failed\n'
        cat "$log"
    fi
    [[ -z ${output_copy-} ]] || cp "$log" "$output_copy"
    rm -f "$log"
    return "$status"
}

# build_in DIRECTORY COMPILER [MESON OPTION...] [-- TARGET...]: builds the targets, or everything without targets.
# Keeps the options of a directory that is configured already. Prints only problems.
build_in()
{
    local directory=$1 compiler=$2 options=()
    shift 2
    while (($# > 0)) && [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    # shellcheck disable=SC2154  # the script that reads this file sets $root
    [[ -f $directory/build.ninja ]] ||
        CC=$compiler meson setup "${options[@]}" "$directory" "$root" || return
    ninja --quiet -C "$directory" "${@:2}"
}
