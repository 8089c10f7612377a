#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Plays every exchange file below a directory.
#
# usage: run_exchanges.sh RUN_EXCHANGES DIRECTORY
exec "$1" "$2"/*/*.http
