# SPDX-License-Identifier: Apache-2.0
# Completes cloudctl in bash. cloudctl itself returns the candidates for the word at the cursor, so all its commands,
# clouds, actions and parameters are completed.
# shellcheck shell=bash

_cloudctl()
{
    local line=${COMP_LINE:0:COMP_POINT} program=${COMP_WORDS[0]} prefix candidate words
    local -a typed=()

    # The words as cloudctl gets them: bash also splits them at "=" and ":".
    read -ra typed <<<"$line"
    [[ $line == *[[:space:]] ]] && typed+=('')
    words=$("${program/#\~/$HOME}" __complete "${typed[@]:1}" 2>/dev/null)
    if [[ $words == :files ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]#=}")
        return
    fi
    # bash has already split off this part, so the candidates must not repeat it.
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
