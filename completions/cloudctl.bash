# SPDX-License-Identifier: Apache-2.0
# Completion of cloudctl in bash. It asks the program itself, so that it knows every command,
# parameter and cloud that the program knows.
# shellcheck shell=bash

_cloudctl()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local program=${COMP_WORDS[0]} command='' words='' i

    case $before in
    --cloud)
        words=$("$program" clouds 2>/dev/null | awk 'NR > 1 { print $1 }')
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
        return
        ;;
    -o | --output)
        mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$word")
        return
        ;;
    --config | *-file)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --cloud | --config | --region | -o | --output) i=$((i + 1)) ;;
        -*) ;;
        *)
            command=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    if [[ $word == -* ]]; then
        words=$("$program" help ${command:+"$command"} 2>/dev/null |
            grep -oE -- '^  (-[a-z], )?--[a-z-]+' | sed 's/.*--/--/')
    elif [[ -z $command ]]; then
        words=$("$program" help 2>/dev/null | grep -oE '^  [a-z][a-z-]*')
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _cloudctl cloudctl
