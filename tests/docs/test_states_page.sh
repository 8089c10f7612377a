#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs/user/states.md says what the rows say. usage: test_states_page.sh PROGRAM PAGE
"$1" | diff -u "$2" - && exit 0
echo "docs/user/states.md is not what the rows say: scripts/states writes it anew"
exit 1
