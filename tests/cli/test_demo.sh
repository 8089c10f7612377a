#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests scripts/demo: its help builds nothing, its steps end well, a lost purchase is charged once, and each command that it
# prints can be pasted into a shell.
#
#   test_demo.sh SOURCE-DIRECTORY BUILD-DIRECTORY
set -euo pipefail
source=$(readlink -f "$1")
build=$(readlink -f "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir build
ln -s "$build/cli" "$build/emulator" "$build/journal" "$build/core" build/
failed=0
problem() { echo "FAILED: $*"; failed=1; }

"$source/scripts/demo" --help >help || problem 'demo --help'
grep -q '^usage: scripts/demo' help || problem 'demo --help has a usage line'
! grep -q 'building' help || problem 'demo --help builds'
! "$source/scripts/demo" --nosuch >out 2>&1 || problem 'an unknown option is refused'
! "$source/scripts/lib/demo_steps" build nosuch >out 2>&1 || problem 'an unknown cloud is refused'
grep -q "'nosuch'" out || problem 'the error names the cloud'
"$source/scripts/lib/demo_steps" build >out 2>&1 || { problem 'the steps'; tail -20 out; }
(($(grep -c '^one purchase, one charge$' out) == 3)) || problem 'the same key is one charge at every cloud'
(($(grep -c '^  outcome: unknown$' out) >= 3)) || problem 'an answer is lost at every cloud'
grep -q '^every charge equals its quoted price$' out || problem 'charges and prices'
# pasted: the setting of the environment, and commands that only read
(eval "$(grep '^export ' out)"
 while IFS= read -r command; do
     eval "$command" >pasted 2>&1 || { problem "pasted: $command"; cat pasted; }
 done < <(grep -E '^cloudctl .* (price|vnc|wait|renew-price) ' out)
 exit $failed) || failed=1
(($(grep -cE '^cloud(ctl|-emulator) ' out) > 40)) || problem 'commands are printed'
exit $failed
