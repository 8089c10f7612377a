#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the commands for the vendors' own actions: invoke with key=value and from files, actions, docs/user/actions.md, and
# the completion of shells. Other tests check the replies of the vendors.
#
# usage: test_actions.sh CLOUDCTL SOURCE-DIRECTORY
set -u
cloudctl=$(realpath "$1")
source=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CLOUD_CLIENT_CLOUD CLOUD_CLIENT_CONFIG XDG_CONFIG_HOME NO_COLOR COLUMNS
export HOME="$work" XDG_STATE_HOME="$work/state"
cd "$work" || exit 1
passed=0
failed=0

check() # check NAME COMMAND...: the command must succeed
{
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  cloudctl %s: exit %s\n' "$1" "$line" "$status"
        sed 's/^/  out: /' out | head -20
        sed 's/^/  err: /' err | head -20
    fi
}

run() # run ARGUMENT...: sets $status and writes out and err; standard input is the file input
{
    "$cloudctl" "$@" >out 2>err <input
    status=$?
    line="$*"
}

says() { grep -qE -e "$2" "$1"; }
ends() { [ "$status" -eq "$1" ]; }
json() # json EXPRESSION: must be true for the document d in out
{
    python3 -c 'import json, sys
d = json.load(open("out"))
sys.exit(not eval(sys.argv[1]))' "$1" 2>>err
}
: >input

# Values of invoke, by the type of the parameter

run --cloud demo invoke describeImageConstraintsBatch ids=img-demowin2019x,img-demoubuntu22 -o json
check 'a list by commas' ends 0
check 'a list by commas finds both' json 'len(d["json"]["imageConstraints"]) == 2 and d["reply"]["result"] == d["json"]'
run --cloud demo invoke describeImageConstraintsBatch ids=img-demowin2019x ids=img-demoubuntu22 -o json
check 'a list by repetition finds both' json 'len(d["json"]["imageConstraints"]) == 2'
run --cloud demo invoke describeImageConstraintsBatch 'ids=["img-demowin2019x"]' -o json
check 'a list as JSON' json 'len(d["json"]["imageConstraints"]) == 1'
run --cloud demo invoke describeImages imageSource=public offline=yes pageNumber=1 pageSize=10 -o json
check 'flags and numbers' json '[i["imageId"] for i in d["json"]["images"]] == ["img-demoold1404x"]'
run --cloud demo invoke describeInstances 'filters=[{"name":"status","values":["running"]}]'
check 'a list of objects as JSON' ends 0
run --cloud demo-ecs invoke ModifyInstancePassword EcsIds=ins-none Password=- <<<''
check 'a secret without a line to read' ends 2
echo 'Zq7!mWx2vT' >input
run --cloud demo-ecs invoke ModifyInstancePassword EcsIds=ins-none Password=-
check 'a secret from standard input reaches the vendor' says err 'InvalidResourceId.NotFound'
: >input
run --cloud demo-ecs invoke DescribeZoneInstanceType EcsFamilyName=专业渲染型rp3 AvailableZoneCode=CN_Suqian_B -o json
check 'code and message of the reply' json 'd["vendor_code"] == "Success" and d["vendor_message"] and d["reply"]["Data"] == d["json"]'
run --cloud demo-ecs invoke ecs:DescribeEvent EventId=none
check 'a name after its service' says err 'InvalidEvent.NotFound'

# A file with the parameters of invoke

echo '{"imageId": "img-demowin2019x"}' >parameters.json
run --cloud demo invoke describeImage --json parameters.json -o json
check 'parameters from a file' json 'd["json"]["image"]["imageId"] == "img-demowin2019x"'
cp parameters.json input
run --cloud demo invoke describeImage --json - -o json
check 'parameters from standard input' json 'd["json"]["image"]["imageId"] == "img-demowin2019x"'
: >input
run --cloud demo invoke describeImage --json missing.json
check 'a file that is not there' ends 2
check 'is named' says err 'missing.json: No such file'
printf '{"imageId":"a\0b"}' >parameters.json
run --cloud demo invoke describeImage --json parameters.json
check 'a file that is not a text' says err 'parameters.json is not a text'
echo '["imageId"]' >parameters.json
run --cloud demo invoke describeImage --json parameters.json
check 'a file without an object' says err 'must be a JSON object'

# Refusals of invoke

refused() # refused PATTERN ARGUMENT...: a usage error with that text
{
    run --cloud demo invoke "${@:2}"
    check "refused: ${*:2}" ends 2
    check "refused with its reason: ${*:2}" says err "$1"
}
refused 'describeImage needs imageId, a string' describeImage
refused 'pageSize of describeImages must be a whole number' describeImages imageSource=public pageSize=ten
refused 'offline of describeImages must be true or false' describeImages imageSource=public offline=maybe
refused 'filters of describeInstances must be a list' describeInstances filters=status
refused 'describeImage has no parameter imageid' describeImage imageid=1
refused 'imageId is given twice' describeImage imageId=1 imageId=2
refused "'img-1' is not KEY=VALUE" describeImage img-1
refused "'=img-1' is not KEY=VALUE" describeImage =img-1
refused 'the nearest are describeImage, ' describeImag imageId=1
refused 'given twice: use either KEY=VALUE, --json' describeImage imageId=1 --json parameters.json
refused 'given twice: use either KEY=VALUE, --json' describeImage imageId=1 --parameters '{}'
run --cloud demo list --json parameters.json
check '--json belongs to invoke' says err '--json is for invoke'
run --cloud demo list more words
check 'further arguments belong to invoke' ends 2

# The actions command

run actions -o json
check 'all actions' json 'len(d["actions"]) >= 106 and {a["provider"] for a in d["actions"]} == {"jdcloud", "capitalonline_ecs", "capitalonline_ccs"}'
run --cloud demo-ccs actions -o json
check 'of the cloud that was named' json '{a["provider"] for a in d["actions"]} == {"capitalonline_ccs"}'
run actions TAG
check 'by a part of the name, whatever its case' says out 'capitalonline_ccs +CreateTag'
run actions associateElasticIp
check 'one action in full' says out '^jdcloud associateElasticIp: Bind an elastic IP'
check 'with its parameters' says out '^elasticIpId +string +body +required'
check 'and the command to type' says out '^cloudctl invoke associateElasticIp instanceId=... elasticIpId=...$'
run actions ecs:describeevent
check 'the other of two with one name' says out 'cloudctl invoke ecs:DescribeEvent EventId='
run actions nothinglikeit
check 'a text that no action has' ends 2
run --cloud nowhere actions
check 'an unknown cloud' ends 2
run actions -o markdown
check 'docs/user/actions.md is what cloudctl actions -o markdown prints' cmp -s out "$source/docs/user/actions.md"

# Completion

offers() # offers NAME CANDIDATES WORD...: exactly these candidates
{
    run __complete "${@:3}"
    check "offers $1" test "$(cut -f1 out | paste -sd' ')" = "$2"
}
offers 'commands' 'auto-renew actions' a
offers 'commands after an option' 'reboot renew-price renew regions' --cloud demo re
offers 'clouds' 'demo demo-ecs demo-ccs' --cloud d
offers 'clouds after =' '--cloud=demo-ecs' --cloud=demo-e
offers 'options of the command' '--password --password-file' passwd --pass
offers 'an option that belongs to another command' '' list --jso
offers 'forms of output' 'table wide json yaml csv' -o ''
offers 'files' ':files' invoke x --json ''
offers 'actions of the cloud' 'attachDisk attachNetworkInterface' --cloud demo invoke attach
offers 'actions of all vendors' 'attachDisk attachNetworkInterface' invoke attach
offers 'the other of two with one name' 'ecs:DescribeEvent' --cloud demo-ecs invoke ecs:
offers 'parameters' 'diskId= deviceName=' --cloud demo invoke attachDisk d
offers 'parameters that are not given yet' 'deviceName=' --cloud demo invoke attachDisk diskId=1 d
offers 'values of a flag' 'autoDelete=true autoDelete=false' --cloud demo invoke attachDisk autoDelete=
offers 'nothing after an unknown command' '' nonsense ''
offers 'topics of help' 'start' help star
offers 'actions to look at' 'copyImages' actions copy

bash_offers() # bash_offers LINE REPLY: the reply of the function in completions/cloudctl.bash
{
    local reply words
    reply=$(
        # shellcheck source=/dev/null
        . "$source/completions/cloudctl.bash"
        # shellcheck disable=SC2317
        compopt() { :; }
        COMP_LINE=$1 COMP_POINT=${#1}
        words=${1//=/ = }
        read -ra COMP_WORDS <<<"${words//:/ : }"
        [[ $1 == *[[:space:]=:] ]] && COMP_WORDS+=('')
        COMP_WORDS[0]=$cloudctl
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _cloudctl
        echo "${COMPREPLY[*]}"
    )
    line=$1 status=0
    echo "$reply" >out
    check "bash: $1" test "$reply" = "$2"
}
bash_offers 'cloudctl --cloud demo-' 'demo-ecs demo-ccs'
bash_offers 'cloudctl --cloud=demo-e' 'demo-ecs'
bash_offers 'cloudctl --cloud demo invoke attachDi' 'attachDisk'
bash_offers 'cloudctl --cloud demo invoke attachDisk autoDelete=t' 'true'
bash_offers 'cloudctl --cloud demo-ecs invoke ecs:' 'DescribeEvent'
: >parameters-of-mine.json
bash_offers 'cloudctl invoke x --json parameters-o' 'parameters-of-mine.json'
# the other shells, where they are installed
if command -v zsh >/dev/null; then
    check 'zsh reads its completion' zsh -n "$source/completions/_cloudctl"
fi
if command -v fish >/dev/null; then
    fish -c "source $source/completions/cloudctl.fish; set PATH $(dirname "$cloudctl") \$PATH
        complete -C 'cloudctl --cloud demo invoke attachDi'" >out 2>err
    check 'fish completes an action' says out '^attachDisk'
fi

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
