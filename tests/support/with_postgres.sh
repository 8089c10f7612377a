#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command with a PostgreSQL server of its own: a cluster in a temporary directory, on a free
# port of the loopback interface. Both are removed afterwards. $CLOUD_TEST_POSTGRES is the URI.
# PostgreSQL refuses to run as root; an unprivileged user runs it then.
#
#   tests/support/with_postgres.sh COMMAND [ARGUMENT...]
set -euo pipefail

binaries=$(pg_config --bindir 2>/dev/null || true)
[[ -x $binaries/initdb ]] ||
    binaries=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[[ -x $binaries/initdb ]] || {
    echo 'no PostgreSQL server found: run scripts/setup, which installs it' >&2
    exit 1
}
directory=$(mktemp -d /tmp/cloud_postgres_XXXXXX)
as=()
if ((EUID == 0)); then
    user=postgres
    getent passwd "$user" >/dev/null || user=65534 # the account without rights
    as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
    chown "$user" "$directory"
fi
export PGDATA=$directory/data LC_ALL=C.UTF-8 HOME=$directory

stop()
{
    "${as[@]}" "$binaries/pg_ctl" -m immediate -w -t 600 stop >/dev/null 2>&1 || true
    rm -rf "$directory"
}
trap stop EXIT

cd "$directory"
"${as[@]}" "$binaries/initdb" --username=tester --auth=trust --encoding=UTF8 --no-instructions \
    >"$directory/log" 2>&1 ||
    { cat "$directory/log" >&2; exit 1; }
port=$(python3 -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60"
"${as[@]}" "$binaries/pg_ctl" -w -t 600 -l "$PGDATA/server.log" -o "$options" start >/dev/null ||
    { cat "$PGDATA/server.log" >&2; exit 1; }
export CLOUD_TEST_POSTGRES=postgresql://tester@127.0.0.1:$port/postgres
cd "$OLDPWD"
"$@"
