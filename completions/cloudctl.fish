# SPDX-License-Identifier: Apache-2.0
# Completes cloudctl in fish. cloudctl itself returns the candidates for the word at the cursor.

function __cloudctl_complete
    set -l typed (commandline -opc) (commandline -ct)
    set -l program $typed[1]
    set -l answer ($program __complete $typed[2..-1] 2>/dev/null)
    if test "$answer" = :files
        __fish_complete_path (commandline -ct)
    else
        # cloudctl quotes its candidates for a shell, and so does fish
        for line in $answer
            set -l parts (string split -m 1 \t -- $line)
            printf '%s\t%s\n' (string unescape -- $parts[1]) "$parts[2]"
        end
    end
end

complete -c cloudctl -f -a '(__cloudctl_complete)'
