#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that no command prints a secret. Runs every command, with good and bad arguments, with an access key, a secret,
# a token and passwords that are easy to find, and searches all output for them: results, errors, logs, tables, JSON,
# and the emulator's record of requests. Only `vnc` may print a console address. Other tests check the results.
#
# usage: test_no_secret_leaks.sh CLOUDCTL CLOUD-EMULATOR
set -u
cloudctl=$(realpath "$1")
emulator=$(realpath "$2")
work=$(mktemp -d)
emulator_pid=
failed=0

clean_up()
{
    [ -z "$emulator_pid" ] || kill "$emulator_pid" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
unset CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG CLOUD_CLIENT_JOURNAL XDG_CONFIG_HOME
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
export HOME="$work/home" XDG_STATE_HOME="$work/state"
mkdir "$HOME" "$work/all"
cd "$work" || exit 1

key=CANARYKEYID7f3a9c1e
secret=canary-secret-51d0e8b7a2
wrong=canary-wrong-9e27c4d1f0
token=canary-session-0b8e6d35f7
password='Zq7!cnry$W4lt'
short='cnry7!Q'
token64=$(printf %s "$token" | base64)

not_ok()
{
    failed=$((failed + 1))
    echo "FAILED: $1"
}

# Runs commands and keeps their output

runs=0
# run ARGUMENT...: keeps the output; sets $status
run()
{
    runs=$((runs + 1))
    "$cloudctl" "$@" >"all/$runs.out" 2>"all/$runs.err" </dev/null
    status=$?
    echo "cloudctl $*" >"names.$runs"
}

# each ARGUMENT...: as a table, as JSON, with the log; of a command that changes something only the first run does so
each()
{
    run "$@"
    run "$@" -o json
    run "$@" -v
}

control()
{
    "$emulator" --world "$work/world" ask "$@" >/dev/null || not_ok "the emulator does not take $*"
}

# The world and its clouds

"$emulator" --listen 127.0.0.1:0 --world "$work/world" --key "$key:$secret" >listening 2>emulator.err &
emulator_pid=$!
tries=0
while ! grep -q listening listening && [ $tries -lt 3000 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
url=$(sed -n 's/^listening on //p' listening)
printf '%s\n' "$secret" >secret-file
printf '%s\n' "$password" >password-file
chmod 600 secret-file password-file
jd="provider: jdcloud, region: cn-north-1, access_key_id: $key"
cat >clouds.yaml <<YAML
clouds:
  http: { $jd, access_key_secret: "file:secret-file", endpoint: "$url" }
  older: { $jd, access_key_secret: "\${CANARY_SECRET}", endpoint: "$url", signature: JDCLOUD2 }
  session: { $jd, access_key_secret: "\${CANARY_SECRET}", security_token: "\${CANARY_TOKEN}", endpoint: "$url" }
  inside: { $jd, access_key_secret: "\${CANARY_SECRET}", endpoint: "emulator:$work/other-world" }
  wrong: { $jd, access_key_secret: "\${CANARY_WRONG}", endpoint: "$url" }
  stranger: { provider: jdcloud, region: cn-north-1, access_key_id: $wrong, access_key_secret: "\${CANARY_SECRET}", endpoint: "$url" }
  far: { $jd, access_key_secret: "\${CANARY_SECRET}", endpoint: "https://vm.vendor.invalid" }
  dead: { $jd, access_key_secret: "\${CANARY_SECRET}", endpoint: "http://127.0.0.1:9" }
  ecs: { provider: capitalonline_ecs, zone: CN_Hohhot_B, access_key_id: $key, access_key_secret: "\${CANARY_SECRET}", endpoint: "$url" }
  ccs: { provider: capitalonline_ccs, region: CN_Beijing_A, access_key_id: $key, access_key_secret: "\${CANARY_SECRET}", endpoint: "$url" }
defaults: { timeout_ms: 3000, attempts: 1 }
YAML
chmod 600 clouds.yaml
export CLOUD_CLIENT_CONFIG="$work/clouds.yaml"
export CANARY_SECRET="$secret" CANARY_TOKEN="$token" CANARY_WRONG="$wrong"
control POST /_emulator/timeline '{"transition":"*","seconds":0}'

size='--zone cn-north-1a --instance-type g.n2.medium --system-disk-gb 40 --period 1month'
buy="$size --name web-1 --image-id img-demoubuntu22 --subnet-id subnet-demo000001"

# The life of an instance, with each way to pass a password

# life CLOUD: sets $id
life()
{
    # shellcheck disable=SC2086
    {
        each --cloud "$1" price $size
        each --cloud "$1" check $buy --password "$password"
        run --cloud "$1" create $buy --password "$password" -o json -v --wait
        id=$(sed -n 's/.*"\(i-[a-z0-9]*\)".*/\1/p' "all/$runs.out" | head -n 1)
        [ $status -eq 0 ] && [ -n "$id" ] || not_ok "$1: nothing was bought"
        run --cloud "$1" create $buy --password-file password-file -v
        printf '%s\n' "$password" | "$cloudctl" --cloud "$1" create $buy --password - -v >"all/piped-$1.out" 2>"all/piped-$1.err"
    }
    for word in regions types images list disks; do
        each --cloud "$1" "$word"
    done
    each --cloud "$1" show "$id"
    each --cloud "$1" wait "$id"
    each --cloud "$1" upgrade-options "$id"
    each --cloud "$1" renew-price "$id" --period 1month
    run --cloud "$1" passwd "$id" --password "$password" -v
    run --cloud "$1" passwd "$id" --password "$short" -v
    run --cloud "$1" stop "$id" -v
    each --cloud "$1" upgrade-price "$id" --instance-type g.n2.large
    run --cloud "$1" upgrade "$id" --instance-type g.n2.large -v
    run --cloud "$1" start "$id" -v
    run --cloud "$1" renew "$id" --period 1month -v -o json
    run --cloud "$1" auto-renew "$id" --auto-renew yes --period 1month -v
    run --cloud "$1" reboot "$id" -v
    run --cloud "$1" delete "$id" -v
    run --cloud "$1" invoke modifyInstancePassword --parameters "{\"instanceId\":\"$id\",\"password\":\"$password\"}" -v
    run --cloud "$1" invoke modifyInstancePassword --parameters "{\"instanceId\":\"$id\",\"password\":\"$short\"}" -v
    run --cloud "$1" invoke describeInstances -v
}

life inside
life session
life http
run --cloud older list -v

# Vendor messages that repeat a secret, and network faults

# says TEXT ACTION: the vendor's next replies to the action repeat that text
says()
{
    control DELETE /_emulator/fail
    control POST /_emulator/fail "{\"action\":\"$2\",\"kind\":\"code\",\"status\":400,\"code\":\"INVALID_ARGUMENT\",\"message\":\"you sent $1, is it right?\",\"times\":3}"
}

for said in "$secret" "$key"; do
    says "$said" describeInstances
    each --cloud http list
done
says "$password" modifyInstancePassword
each --cloud http passwd "$id" --password "$password"
says "$password" createInstances
# shellcheck disable=SC2086
each --cloud http create $buy --password "$password"
for said in "$password" "$short"; do
    says "$said" modifyInstancePassword
    each --cloud http invoke modifyInstancePassword --parameters "{\"instanceId\":\"$id\",\"password\":\"$said\"}"
    says "$said" createInstances
    each --cloud http invoke createInstances --parameters "{\"instanceSpec\":{\"name\":\"web-1\",\"password\":\"$said\"}}"
done
control DELETE /_emulator/fail
for fault in '"kind":"garbage"' '"kind":"truncate","bytes":30' '"kind":"drop_after_apply"' '"kind":"wrong_type"' \
    '"kind":"http","status":502' '"kind":"reset"' '"kind":"http","status":302'; do
    control POST /_emulator/fail "{\"action\":\"*\",$fault,\"times\":3}"
    # shellcheck disable=SC2086
    run --cloud http create $buy --password "$password" -v
    run --cloud http list -v -o json
    control DELETE /_emulator/fail
done

# Wrong keys, servers that do not answer, other vendors

for cloud in wrong stranger dead ecs ccs; do
    each --cloud "$cloud" list
    # shellcheck disable=SC2086
    run --cloud "$cloud" create $buy --password "$password" -v
    run --cloud "$cloud" passwd i-1 --password "$password" -v
    run --cloud "$cloud" passwd i-1 --password "$short" -v -o json
done
each clouds
each support

# Configurations with a mistake next to the secret

# config TEXT [MODE]: a run with that configuration; it must be refused
config()
{
    printf '%s\n' "$1" >bad.yaml
    chmod "${2-600}" bad.yaml
    run --config bad.yaml --cloud x list -v
    [ $status -eq 2 ] || not_ok "the configuration was accepted: $(sed "s/$secret/SECRET/g" bad.yaml)"
}
x="access_key_id: $key"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: $secret } }" 644
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secrets: $secret } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: [$secret] } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: { a: $secret } } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: \"$secret } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: $secret, timeout_ms: soon } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: $secret, endpoint: \"http://example.com\" } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: $secret, signature: none } }"
config "clouds: { x: { provider: jdcloud, $x, access_key_secret: $secret } }"
config "clouds: { x: { provider: none, region: r, $x, access_key_secret: $secret } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: \"\${CANARY_NONE}$secret\" } }"
config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: $secret, parameters: { password: $password } } }"

# Secret files that are refused

# secret_file TEXT MODE: a run whose secret is in that file; it must be refused
secret_file()
{
    printf '%b' "$1" >spoilt-secret
    chmod "$2" spoilt-secret
    config "clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: \"file:spoilt-secret\" } }"
    run --cloud http passwd "$id" --password-file spoilt-secret -v
    [ $status -eq 2 ] || not_ok "the password file of mode $2 was accepted"
}
secret_file "$secret\n" 644
secret_file "$secret\n" 620
secret_file "$secret \n" 600
secret_file " $secret\n" 600
secret_file "$secret\t\n" 600

# Proxies, in every spelling

for proxy in "http://u:$secret@127.0.0.1:9" "http://u:$secret@127.0.0.1:9x" "http://u:$secret@[127.0.0.1" \
    "http://u:x/$secret@127.0.0.1:9" "http://u:$secret#x@127.0.0.1:9" "http://u:x@$secret@127.0.0.1:9" \
    "socks9://u:$secret@127.0.0.1:9" "u:$secret" "$secret://127.0.0.1:9" "127.0.0.1:$secret"; do
    for variable in https_proxy HTTPS_PROXY all_proxy ALL_PROXY; do
        export "$variable=$proxy"
        each --cloud far list
        [ $status -eq 1 ] || not_ok "status $status with $variable=$(printf %s "$proxy" | sed "s/$secret/SECRET/")"
        unset "$variable"
    done
done

# Journals in PostgreSQL, in every spelling

for uri in "postgresql://u:$secret@127.0.0.1:9/db" "postgresql://u:$secret%zz@127.0.0.1:9/db" \
    "postgresql://u:x@$secret@127.0.0.1:9/db" "postgresql://u:1/$secret@127.0.0.1:9/db" \
    "postgresql://127.0.0.1:9/db?password=$secret" "postgresql://127.0.0.1:9/db?passwort=$secret" \
    "postgresql://127.0.0.1:9/db?password=x=$secret" "postgresql://127.0.0.1:$secret/db" \
    "postgres:u:$secret@127.0.0.1/db" "host=127.0.0.1 port=9 password=$secret"; do
    each --journal "$uri" --cloud http renew "$id" --period 1month --operation-key order-1
    run --journal "$uri" journal list -v
    export CLOUD_CLIENT_JOURNAL="$uri"
    run journal verify -v
    unset CLOUD_CLIENT_JOURNAL
    case $uri in
    *passwort* | *":$secret/db") ;; # nothing says that it is a password
    *) config "journal: \"$uri\"
clouds: { x: { provider: jdcloud, region: r, $x, access_key_secret: \"\${CANARY_SECRET}\" } }" 644 ;;
    esac
done

# The console address

run --cloud http vnc "$id"
console=$(grep -o 'http[^ ]*' "all/$runs.out" | head -n 1)
rm -f "all/$runs.out" # the only output that may have it
case $console in
http*) ;;
*) not_ok "no console address was shown" ;;
esac
ticket=$(printf %s "$console" | sed 's/.*[=/]//')
[ ${#ticket} -ge 8 ] || not_ok "the console address has no token to look for: $console"
run --cloud http vnc "$id" -v -o json
rm -f "all/$runs.out"
each --cloud http show "$id"

# Searches the output

"$emulator" --world "$work/world" ask GET /_emulator/requests >all/requests
kill "$emulator_pid"
wait "$emulator_pid"
emulator_pid=
cp listening all/emulator.out
cp emulator.err all/emulator.err
[ "$(wc -c <all/requests)" -gt 10000 ] || not_ok "the emulator's record is empty"
[ "$(grep -l 'attempt' all/*.err | wc -l)" -gt 20 ] || not_ok "the runs with -v have no log"

[ "$(grep -lF -e "$password" names.* | wc -l)" -gt 20 ] || not_ok "the runs did not use the password"

# nowhere TEXT FILES...: no file has the text
nowhere()
{
    word=$1
    shift
    for found in $(grep -lF -e "$word" "$@" 2>/dev/null); do
        number=$(basename "$found" | sed 's/\..*//')
        not_ok "'$word' in $(basename "$found"): $(cat "names.$number" 2>/dev/null)"
        grep -F -m 1 -e "$word" "$found" | cut -c 1-300
    done
}

for word in "$secret" "$password" "$short" "$token" "$token64" "$ticket"; do
    nowhere "$word" all/*
done
nowhere "$wrong" all/*.out all/*.err
# worlds in files: they keep no secret of a client
[ "$(grep -lF -e "$key" world* other-world* | wc -l)" -ge 2 ] || not_ok "the worlds do not know the key"
for word in "$secret" "$wrong" "$password" "$short" "$token" "$token64"; do
    nowhere "$word" world* other-world*
done
nowhere "$key" all/*.out all/*.err # the emulator's record names the key, as a vendor's would
nowhere 'Signature=' all/*.out all/*.err
nowhere 'Authorization' all/*.out all/*.err

echo "$runs runs, $failed failures"
[ $failed -eq 0 ]
