# SPDX-License-Identifier: Apache-2.0
# What setup, test and demo share: messages, quiet steps, building a directory. It is read by them with
# `source`, which sets $root (the top of the repository) first; it runs nothing by itself.
# shellcheck shell=bash

# A line for the person at the terminal, under the name of the script that is speaking.
say()
{
    printf '%s: %s\n' "${0##*/}" "$*"
}

fail()
{
    say "$*" >&2
    exit 1
}

# quietly TITLE COMMAND...: "TITLE... done (3 s)", or "failed" followed by all that the command printed. A copy of
# that goes to the file $said, where one is named.
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
    [[ -z ${said-} ]] || cp "$log" "$said"
    rm -f "$log"
    return "$status"
}

# build_in DIRECTORY COMPILER [MESON OPTION...] [-- TARGET...]: prints only what goes wrong. A directory that
# is configured already stays as it is; without targets, everything is built.
build_in()
{
    local directory=$1 compiler=$2 options=()
    shift 2
    while (($# > 0)) && [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    # $root comes from the script that reads this file.
    # shellcheck disable=SC2154
    [[ -f $directory/build.ninja ]] ||
        CC=$compiler meson setup "${options[@]}" "$directory" "$root" || return
    ninja --quiet -C "$directory" "${@:2}"
}
