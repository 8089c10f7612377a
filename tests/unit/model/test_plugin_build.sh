#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The example provider builds by its own meson.build, out of the tree, against a library found by pkg-config alone; and
# clouds.yaml loads it for cloudctl. usage: test_plugin_build.sh SOURCE-DIRECTORY BUILD-DIRECTORY
set -eu
source=$(realpath "$1") build=$(realpath "$2")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
DESTDIR=$place/root meson install -C "$build" --no-rebuild --quiet >/dev/null
pc=$(find "$place/root" -name cloud_client.pc)
export PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$place/root
library=$(dirname "$(find "$place/root" -name 'libcloud_client.so')")
PATH=$(dirname "$(find "$place/root" -name cloud-conformance)"):$PATH
export PATH LD_LIBRARY_PATH="$library${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
cp -r "$source/examples/provider" "$place/acme"
meson setup "$place/out" "$place/acme" >"$place/log" 2>&1 && meson compile -C "$place/out" >>"$place/log" 2>&1 ||
    { cat "$place/log"; exit 1; }
meson test -C "$place/out" --print-errorlogs >>"$place/log" 2>&1 || { cat "$place/log"; exit 1; }
printf 'providers: [ %s ]\nclouds:\n  acme: { provider: acme, endpoint: "http://127.0.0.1:1" , access_key_id: k, access_key_secret: "${K}" }\n' \
    "$place/out/acme.so" >"$place/clouds.yaml"
K=s cloudctl --config "$place/clouds.yaml" clouds | grep -q acme
echo "acme builds out of the tree, passes the kit and is loaded by clouds.yaml"
