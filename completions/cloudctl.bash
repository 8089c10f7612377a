# SPDX-License-Identifier: Apache-2.0
# Completion of cloudctl in bash. The program itself says what may stand at the cursor, so that every command, cloud,
# action and parameter is known that the program knows.
# shellcheck shell=bash

_cloudctl()
{
    local line=${COMP_LINE:0:COMP_POINT} program=${COMP_WORDS[0]} prefix candidate words
    local -a typed=()

    # Words as the program sees them: bash has split them at "=" and ":", too.
    read -ra typed <<<"$line"
    [[ $line == *[[:space:]] ]] && typed+=('')
    words=$("${program/#\~/$HOME}" __complete "${typed[@]:1}" 2>/dev/null)
    if [[ $words == :files ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]#=}")
        return
    fi
    # What bash has split off already must not be repeated.
    prefix=${typed[-1]%"${typed[-1]##*[=:]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        [[ -z $candidate ]] || COMPREPLY+=("${candidate#"$prefix"}")
    done <<<"$words"
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -F _cloudctl cloudctl
