#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Tests cloudctl as a user runs it: help, exit codes, error texts, tables and JSON, and the state of
# the built-in clouds between commands. Other tests check the replies of the vendors.
#
# usage: test_cloudctl.sh CLOUDCTL CLOUD-EMULATOR SOURCE-DIRECTORY
set -u
cloudctl=$(realpath "$1")
emulator=$(realpath "$2")
source=$(realpath "$3")
work=$(mktemp -d)
emulator_pid=
passed=0
failed=0

clean_up()
{
    [ -z "$emulator_pid" ] || kill "$emulator_pid" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Hides the configuration and the state of the user who runs the test.
unset CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG XDG_CONFIG_HOME NO_COLOR COLUMNS
export HOME="$work/home" XDG_STATE_HOME="$work/state" TERM=xterm
mkdir "$HOME"
cd "$work" || exit 1

# run ARGUMENT...: sets $status and writes the files out and err
run()
{
    "$cloudctl" "$@" >out 2>err </dev/null
    status=$?
    command_line="cloudctl $*"
}

ok()
{
    passed=$((passed + 1))
}

not_ok()
{
    failed=$((failed + 1))
    echo "FAILED: $1"
    echo "  $command_line: exit $status"
    sed 's/^/  out: /' out | head -20
    sed 's/^/  err: /' err | head -20
}

# exits CODE NAME: the last run ended with that code
exits()
{
    if [ "$status" -eq "$1" ]; then ok; else not_ok "$2: exit code $1 expected"; fi
}

# says FILE PATTERN NAME: out or err has a line that matches
says()
{
    if grep -qE -e "$2" "$1"; then ok; else not_ok "$3: no '$2' in $1"; fi
}

# silent FILE NAME: out or err is empty
silent()
{
    if [ -s "$1" ]; then not_ok "$2: $1 should be empty"; else ok; fi
}

# json EXPRESSION NAME: true for the document d in out
json()
{
    if python3 -c 'import json, sys
d = json.load(open("out"))
sys.exit(not eval(sys.argv[1]))' "$1" 2>>err; then ok; else not_ok "$2: $1"; fi
}

# value EXPRESSION: prints it for the document d in out
value()
{
    python3 -c 'import json, sys
d = json.load(open("out"))
print(eval(sys.argv[1]))' "$1"
}

# Help and usage

run
exits 2 'no command at all'
says out '^Usage:' 'no command at all prints the usage'
run --help
exits 0 'help'
words=$(grep -oE '^  [a-z][a-z-]*' out)
for word in $words; do
    run "$word" --help
    exits 0 "help of $word"
    says out "^Usage: cloudctl.* $word" "help of $word has a usage line"
    says out '^Exit codes: 0 done' "help of $word has the exit codes"
    says out "^Example: cloudctl.* $word" "help of $word has an example"
    run help "$word"
    exits 0 "help $word"
    command_line="grep $word man/cloudctl.1"
    if grep -qE "^\.It .*Cm $word( |\$)" "$source/man/cloudctl.1"; then
        ok
    else
        not_ok "the manual has $word"
    fi
done
run --help
options=$(grep -oE -- '--[a-z][a-z-]*' out | sort -u)
for option in $options; do
    case $option in --parameter) continue ;; esac
    command_line="grep $option man/cloudctl.1"
    if grep -qE -- "Fl -${option#--}( |\$)" "$source/man/cloudctl.1"; then
        ok
    else
        not_ok "the manual has $option"
    fi
done
run version
exits 0 'version'
says out '^cloudctl [0-9]+\.[0-9]+\.[0-9]+$' 'version has three numbers'
run --version
exits 0 '--version'
run lsit
exits 2 'an unknown command'
says err "did you mean 'list'" 'the nearest command is named'
silent out 'a usage error leaves stdout alone'
run list --instnce-id x
exits 2 'an unknown option'
says err 'did you mean --instance-id' 'the nearest option is named'
run stop i-1 --froce
says err 'did you mean --force' 'the nearest flag is named'
run start
exits 2 'an instance is missing'
says err 'id of an instance' 'the error says that the instance is missing'
run renew i-1 i-2
exits 2 'one argument too many'
run regions beijing
exits 2 'an argument where none is allowed'
run stop i-1 --period 1month
exits 2 'a parameter of another command'
says err 'does not take --period' 'the error names it'
run list --wait
exits 2 '--wait where nothing is waited for'
run price --timeout 5
exits 2 '--timeout where nothing is waited for'
run start i-1 --timeout 5
exits 2 '--timeout without --wait'
run start i-1 --wait --no-wait
exits 2 '--wait and --no-wait'
run wait --timeout 0
exits 2 'a timeout of nothing'
run list -o xml
exits 2 'an unknown output format'
run price --period never
exits 2 'an invalid period'
says err 'period' 'the error names it'
run price --cpu two
exits 2 'an invalid number'
run price --cpu 1 --cpu 2
exits 2 'a parameter given twice'
run --cloud
exits 2 'an option without its value'
run -o json bogus
exits 2 'a usage error in JSON'
json 'd["error"]["code"] == "CLOUD_EINVAL" and d["error"]["advice"]' \
    'a usage error in JSON has its code'

# Without configuration

run list
exits 2 'no configuration'
says err 'no cloud is configured' 'the error says that there is no configuration'
says err 'cloudctl --cloud demo regions' 'the error says how to begin'
says err 'clouds:' 'an example of clouds.yaml is shown'
run --cloud elsewhere list
exits 2 'an unknown cloud without configuration'
run clouds
exits 0 'clouds without configuration'
says out '^demo ' 'the built-in clouds are listed'
run --config missing.yaml list
exits 2 'a missing configuration'
says err 'missing\.yaml' 'the error names it'
run clouds -o json
json '[c["name"] for c in d["clouds"]] == ["demo", "demo-ecs", "demo-ccs"]' 'clouds in JSON'
run support -o json
exits 0 'support in JSON'
json '{c["support"] for c in d["support"]} <= {"native", "composed", "derived", "unsupported"}' \
    'support has four levels'
json 'all(c["reason"] for c in d["support"] if c["support"] != "native")' \
    'all but native has a reason'
run support -o markdown
says out '^\| operation \| command \| jdcloud \|' 'support in Markdown'
run list -o markdown
exits 2 'Markdown where it is not supported'

# The built-in clouds

demo()
{
    run --cloud demo "$@"
}

demo regions
exits 0 'regions of demo'
says out '^cn-north-1 ' 'regions of demo has its own'
demo regions -o json
json '"cn-north-1a" in [z["id"] for r in d["regions"] for z in r["zones"]]' 'regions in JSON'
mode=$(stat -c %a "$work/state/cloud-client")
command_line='stat cloud-client'
if [ "$mode" = 700 ]; then ok; else not_ok "the state is private, not $mode"; fi
for word in types images; do
    demo "$word"
    exits 0 "$word of demo"
    demo "$word" -o json
    json "len(d['$word']) > 0" "$word of demo in JSON"
done
size='--cpu 2 --memory-gb 4 --period 1month'
# shellcheck disable=SC2086 # words of a command line
{
    demo price $size -o json
    exits 0 'price at demo'
    json 'd["price"]["total"]["currency"] == "CNY" and float(d["price"]["total"]["amount"]) > 0' \
        'a price'
    demo check --name web-1 $size -o json
    exits 0 'check at demo'
    json 'd["checks"] and all(type(c["real"]) is bool for c in d["checks"])' 'checks'
    demo create --name web-1 $size --password Zx9-kQm_48w --wait --timeout 60 -o json
    exits 0 'create at demo'
}
json 'len(d["ids"]) == 1 and d["waited"][0]["instances"][0]["state"] == "running"' \
    'created and waited for'
id=$(value 'd["ids"][0]')
demo list -o json
json "[i['id'] for i in d['instances']] == ['$id']" 'the state persists between commands'
demo list
says out "^ID " 'a table has headings'
says out "^$id web-1 " 'a table has the instance'
demo show "$id"
says out '^state +running$' 'show prints the state'
demo show "$id" -o json
json 'd["operation"] == "describe_instance" and d["instances"][0]["name"] == "web-1"' 'show in JSON'
python3 - "$source/docs/user/json.md" <<'PY' >missing_keys 2>&1
import json, re, sys
known = set(re.findall(r"`([a-z_]+)`", open(sys.argv[1]).read())) | {"amount", "currency"}
def walk(value):
    if isinstance(value, list):
        for one in value:
            yield from walk(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from walk(one)
print(*sorted(set(walk(json.load(open("out")))) - known), sep="\n", end="")
PY
silent missing_keys 'every member is documented in docs/user/json.md'
demo stop "$id" --wait
exits 0 'stop'
says out '^stop: accepted' 'stop says that it was accepted'
silent err 'no progress on a pipe'
demo stop "$id"
exits 1 'stop of a stopped instance'
says err '^cloudctl: [a-z-]*: ' 'a refusal names the command'
says err '^  next: ' 'a refusal says what to do next'
demo start "$id" --wait -o json
exits 0 'start'
demo wait "$id" -o json
json 'd["instances"][0]["state"] == "running"' 'wait for an instance in its final state'
demo vnc "$id" -o json
json 'd["console"]["url"]' 'vnc'
printf 'Rw7-mTb_38z\n' >secret
chmod 644 secret
demo passwd "$id" --password-file secret
exits 2 'a password in a file that others can read'
says err 'chmod 600 secret' 'the error has the command'
chmod 600 secret
demo passwd "$id" --password-file secret
exits 0 'a password from a file'
sleep 2 # the vendor shows no state while it changes a password, so nothing can be waited for
command_line="cloudctl passwd $id --password -"
"$cloudctl" --cloud demo passwd "$id" --password - <secret >out 2>err
status=$?
exits 0 'a password from standard input'
sleep 2
demo passwd "$id" --password Canary7-wvT_92 -v
exits 0 'a password on the command line'
says err '^(info|debug): ' '-v shows what the library logs'
if grep -q Canary out err; then not_ok 'a password is never shown'; else ok; fi
demo passwd "$id" --password short
exits 2 'a password that is too short'
json_error='d["error"]["code"] == "CLOUD_EINVAL" and d["error"]["parameter"] == "password"'
demo passwd "$id" --password short -o json
json "$json_error" 'a bad password names its parameter'
demo renew-price "$id" --period 1month -o json
exits 0 'renew-price'
price=$(value 'd["price"]["total"]["amount"]')
demo renew "$id" --period 1month --max-charge "$price"
exits 0 'renew'
demo auto-renew "$id" --auto-renew yes --period 1month
exits 0 'auto-renew on'
demo auto-renew "$id" --no-auto-renew
exits 0 'auto-renew off'
demo delete "$id"
exits 1 'a prepaid instance is not deleted'
says err 'next: ' 'the error says what to do instead'
demo show i-doesnotexist -o json
exits 1 'an unknown instance'
json 'd["error"]["code"] == "CLOUD_ENOTFOUND" and d["operation"] == "describe_instance"' 'its code'
demo create --name web-2
exits 2 'a parameter that the vendor needs is missing'
demo invoke describeQuotas
exits 0 'invoke'
demo invoke describeQuotas -o json
json 'type(d["json"]) is dict' 'invoke in JSON has the data'
demo invoke noSuchAction
exits 2 'an unknown action'
run --cloud demo --region cn-south-1 list -o json
json 'd["instances"] == []' 'another region has other instances'
run --cloud demo-ecs renew i-1 --period 1month
exits 4 'an unsupported operation'
run --cloud demo-ecs renew i-1 --period 1month -o json
json 'd["error"]["code"] == "CLOUD_EUNSUPPORTED"' 'an unsupported operation in JSON'
run price --all-clouds --cpu 2 --memory-gb 4 --period 1month -o json
exits 0 'one size at every cloud'
json 'len(d["prices"]) == 3 and all(p["price"]["total"]["amount"] for p in d["prices"])' \
    'three prices'
run price --all-clouds --cpu 2 --memory-gb 4 -o json
json '{p["price"]["period"] for p in d["prices"]} == {"1 month"}' 'one period is compared'
json '(lambda a: a == sorted(a))([float(p["price"]["total"]["amount"]) for p in d["prices"]])' \
    'the lowest price first'

# Configured clouds

# start_emulator WORLD: sets $emulator_pid and $url
start_emulator()
{
    : >listening
    "$emulator" --listen 127.0.0.1:0 --world "$1" --key AKTEST:secret-of-the-test >listening &
    emulator_pid=$!
    tries=0
    while ! grep -q listening listening && [ $tries -lt 3000 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    url=$(sed -n 's/^listening on //p' listening)
}

stop_emulator()
{
    kill "$emulator_pid"
    wait "$emulator_pid"
    emulator_pid=
}

# control PATH JSON: sends a request to the control API of the emulator
control()
{
    python3 -c 'import sys, urllib.request
request = urllib.request.Request(sys.argv[1] + "/_emulator/" + sys.argv[2], sys.argv[3].encode(),
                                 {"Content-Type": "application/json"})
urllib.request.urlopen(request).read()' "$url" "$1" "$2"
}

start_emulator :memory:
entry='{ provider: jdcloud, region: cn-north-1, access_key_id: AKTEST'
cat >clouds.yaml <<YAML
clouds:
  good: $entry, access_key_secret: "\${SECRET}", endpoint: "$url" }
  wrong: $entry, access_key_secret: "\${WRONG}", endpoint: "$url" }
  dead: $entry, access_key_secret: "\${SECRET}", endpoint: "http://127.0.0.1:9" }
  careful: $entry, access_key_secret: "\${SECRET}", endpoint: "$url", mode: read_only }
YAML
export SECRET=secret-of-the-test WRONG=canary-wrong-secret
run --cloud good list
exits 2 'a clouds.yaml of the current directory is not read'
says err 'no cloud is configured' 'the error says so'
export CLOUD_CLIENT_CONFIG=clouds.yaml
run --cloud good list
exits 0 'a configured cloud'
run list
exits 2 'several clouds and none chosen'
says err 'good.*wrong' 'the error lists the clouds'
export CLOUD_CLIENT_CLOUD=good
run list
unset CLOUD_CLIENT_CLOUD
exits 0 'a cloud from the environment'
run --cloud unknown list
exits 2 'a cloud that is not configured'
run --cloud wrong list
exits 1 'a wrong secret'
says err '^  vendor: ' "the error has the vendor's code"
run --cloud wrong list -o json -v
json 'd["error"]["code"] == "CLOUD_EAUTH" and d["error"]["http_status"] == 401' \
    'a wrong secret in JSON'
if grep -q canary out err; then not_ok 'the secret is never shown'; else ok; fi
run --cloud dead list
exits 1 'a server that does not answer'
run --cloud dead start i-1 -o json
exits 1 'a change that surely did not arrive'
json 'd["error"]["outcome"] == "not applied"' 'its outcome'
run --cloud careful start i-1
exits 1 'a change where the mode forbids it'
run --cloud good --region cn-east-2 list
exits 2 'another region of a configured cloud'
says err 'clouds\.yaml' 'the error says where the region is configured'
run clouds
says out '^careful +jdcloud .*read_only' 'clouds prints the mode'
if grep -q secret-of out err; then not_ok 'clouds shows no secret'; else ok; fi

# A reply that is lost after the work was done: the outcome is unknown, which has its own exit code.
run --cloud good create --name lost-1 --instance-type g.n2.medium --image-id img-demoubuntu22 \
    --subnet-id subnet-demo000001 --zone cn-north-1a --system-disk-gb 40 --wait -o json
exits 0 'an instance for the lost reply'
id=$(value 'd["ids"][0]')
control fail '{"action":"rebootInstance","kind":"drop_after_apply","times":9}'
run --cloud good reboot "$id" -o json
exits 3 'an outcome that is unknown'
json 'd["error"]["outcome"] == "unknown"' 'its outcome'
says err 'do not repeat' 'the error says not to repeat it'

sed 's/region: cn-north-1/regoin: cn-north-1/' clouds.yaml >bad.yaml
run --config bad.yaml list
exits 2 'an unknown key'
says err 'bad\.yaml:2.*regoin' 'the error names file, line and key'
export CLOUD_CLIENT_CONFIG="$work/bad.yaml"
run clouds
export CLOUD_CLIENT_CONFIG="$work/clouds.yaml"
exits 2 'a bad configuration from the environment'
run price --all-clouds --cpu 2 --memory-gb 4 -o json
exits 1 'a price that some clouds do not return'
json '[p["cloud"] for p in d["prices"]] == ["good", "wrong", "dead", "careful"]' 'each has its row'
json 'all((p["price"] is None) != (p["error"] is None) for p in d["prices"])' 'a price or an error'

# Pipes, terminals, full disks

stop_emulator
unset CLOUD_CLIENT_CONFIG
command_line='cloudctl types >/dev/full'
"$cloudctl" --cloud demo types >/dev/full 2>err
status=$?
exits 1 'a full disk'
says err 'cannot write to standard output' 'the error says that the disk is full'
command_line='cloudctl types | true'
{ "$cloudctl" --cloud demo types -o json 2>err; echo $? >status_file; } | true
status=$(cat status_file)
exits 0 'a reader that closed the pipe'
silent err 'a reader that closed the pipe is not an error'
command_line='cloudctl types >&-'
"$cloudctl" --cloud demo types >&- 2>err
status=$?
exits 1 'a closed standard output'

# On a terminal: a table fits, colours can be turned off, and Ctrl-C says how to continue.
cat >terminal.py <<'PY'
import fcntl, os, pty, struct, sys, termios, time
width, interrupt, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    time.sleep(0.1)
    os.execv(command[0], command)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
if interrupt:
    time.sleep(interrupt)
    os.write(fd, b"\x03")
out = b""
try:
    while chunk := os.read(fd, 4096):
        out += chunk
except OSError:
    pass
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(out.decode().replace("\r\n", "\n"))
sys.exit(code)
PY
terminal()
{
    python3 terminal.py "$@" >out 2>err
    status=$?
    command_line="terminal $*"
}
terminal 50 0 "$cloudctl" --cloud demo list
exits 0 'a narrow terminal'
widest=$(sed 's/\x1b\[[0-9;]*m//g' out | wc -L)
if [ "$widest" -le 50 ]; then ok; else not_ok "a table of $widest columns does not fit into 50"; fi
says out "$(printf '\033')" 'a terminal has colours'
export NO_COLOR=1
terminal 50 0 "$cloudctl" --cloud demo list
if grep -q "$(printf '\033')" out; then not_ok 'NO_COLOR is honoured'; else ok; fi
unset NO_COLOR
demo list -o json
id=$(value 'd["instances"][0]["id"]')
start_emulator "$work/state/cloud-client/demo.world"
control timeline '{"transition":"stop","seconds":60}'
stop_emulator
terminal 80 2 "$cloudctl" --cloud demo stop "$id" --wait
exits 130 'Ctrl-C while waiting'
says out 'stopping' 'progress on a terminal'
says out "next: .*cloudctl --cloud demo wait $id" 'Ctrl-C says how to continue'
command_line=summary
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
