#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the example provider outside of the source tree, by its own meson.build, with a library
# that pkg-config finds. cloudctl then loads it by clouds.yaml.
#
# usage: test_plugin_build.sh SOURCE-DIRECTORY BUILD-DIRECTORY
set -eu
source=$(realpath "$1") build=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DESTDIR=$work/root meson install -C "$build" --no-rebuild --quiet >/dev/null
pc=$(find "$work/root" -name cloud_client.pc)
export PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$work/root
library=$(dirname "$(find "$work/root" -name 'libcloud_client.so')")
PATH=$(dirname "$(find "$work/root" -name cloud-conformance)"):$PATH
export PATH LD_LIBRARY_PATH="$library${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
cp -r "$source/examples/provider" "$work/acme"
{
    meson setup "$work/out" "$work/acme" &&
        meson compile -C "$work/out" &&
        meson test -C "$work/out" --print-errorlogs
} >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cat >"$work/clouds.yaml" <<YAML
providers: [ $work/out/acme.so ]
clouds:
  acme:
    provider: acme
    endpoint: "http://127.0.0.1:1"
    access_key_id: k
    access_key_secret: "\${K}"
YAML
K=s cloudctl --config "$work/clouds.yaml" clouds | grep -q acme
echo "acme builds out of the tree, passes the kit and is loaded by clouds.yaml"
