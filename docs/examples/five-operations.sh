#!/bin/sh
# Check once, schedule, list, update and delete, against a running `notafter serve`.
# Usage: five-operations.sh URL TOKEN HOST:PORT    (URL as serve prints it, such as http://127.0.0.1:7443/)
set -eu
[ $# -eq 3 ] || { echo 'Usage: five-operations.sh URL TOKEN HOST:PORT' >&2; exit 64; }
api="${1%/}/api/v1" token=$2 host=${3%:*} port=${3##*:}

call() { # call METHOD PATH [JSON]: fails where the API refuses
  curl --silent --show-error --fail-with-body --request "$1" "$api$2" \
    --header "Authorization: Bearer $token" ${3:+--header 'Content-Type: application/json' --data "$3"}
  echo
}
field() { # field NAME: the first text field of that name in the JSON that comes in
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

target="{\"host\":\"$host\",\"port\":$port}"

echo 'Check once:'
call POST /check "{\"target\":$target}"

echo 'Schedule:'
added=$(call POST /jobs "{\"target\":$target,\"schedule\":{\"type\":\"cron\",\"pattern\":\"0 6 * * *\"}}")
id=$(echo "$added" | sed 's/.*{"id":"\([^"]*\)".*/\1/')
echo "$id"

echo 'List:'
call GET '/jobs?limit=10&sort=expiry'

echo 'Update:'
call PATCH "/jobs/$id" '{"schedule":{"type":"interval","minutes":30}}' | field updatedAt

echo 'Delete:'
call DELETE "/jobs/$id"
