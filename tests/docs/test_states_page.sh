#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares docs/user/states.md with the providers' state maps.
#
# usage: test_states_page.sh PROGRAM PAGE
"$1" | diff -u "$2" - && exit 0
echo "docs/user/states.md differs from the providers' tables; run scripts/states to update it"
exit 1
