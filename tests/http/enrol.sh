#!/bin/bash
# The first people: entered once, all or nothing, with files that only their reader can read.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
people=$TOP/etc/policy/people.conf
counts() { sql 'SELECT (SELECT count(*) FROM department), (SELECT count(*) FROM account),
	(SELECT count(*) FROM account_role), (SELECT count(*) FROM access_token)'; }
# refused NAME WANTED ARGUMENT...: the exit code is not 0, the sentence holds WANTED, nothing was entered
refused() {
	local name=$1 wanted=$2 said code
	shift 2
	said=$("$B/drawd" --conf "$state/drawd.conf" enrol "$@" 2>&1)
	code=$?
	[ $code != 0 ] && ok "$name is refused" || bad "$name is refused: $said"
	has "$name: why" "$wanted" "$said"
	same "$name: nothing is entered" "$before" "$(counts)"
}

before=$(counts)
same "nobody yet" '0|0|0|0' "$before"
refused "no file" FILE
refused "a file that is not there" none.conf "$TEST_DIR/none.conf"
refused "an unknown option" --roles "$people" --roles x
sed 's/roles = \["auditor"\]/roles = ["auditr"]/' "$people" >"$TEST_DIR/people.conf"
line=$(grep -n '"auditr"' "$TEST_DIR/people.conf" | cut -d: -f1)
refused "a role that is none" "people.conf:$line" "$TEST_DIR/people.conf"
touch "$TEST_DIR/there"
refused "a file in the way" "$TEST_DIR/there" "$people" --passwords "$TEST_DIR/there"
refused "a folder that is not there" "$TEST_DIR/no/out" "$people" --profiles "$TEST_DIR/fine" --passwords "$TEST_DIR/no/out"
same "neither file is left" no "$([ -e "$TEST_DIR/fine" ] && echo yes || echo no)"

enrol
same "departments, accounts, roles, tokens" '13|44|44|44' "$(counts)"
same "only their reader reads the files" "600 600" "$(stat -c %a "$profiles" "$state/passwords" | paste -sd' ')"
same "a password for every person" 43 "$(wc -l <"$state/passwords")"
same "all of them different" 43 "$(cut -f2 "$state/passwords" | sort -u | wc -l)"
same "none in the database" 0 "$(sql "SELECT count(*) FROM account WHERE password !~ '^\\\$argon2id\\\$'")"
same "a service has none" t "$(sql "SELECT password IS NULL FROM account WHERE id = 'platform'")"
same "the office does not inspect" lxb "$(sql 'SELECT id FROM department WHERE NOT inspects')"
same "the audit log says who did it" 'process:enrol' "$(sql 'SELECT DISTINCT account FROM audit')"
same "and of each row" 145 "$(sql "SELECT count(*) FROM audit WHERE act = 'made'")"
same "but no secret" 0 "$(sql "SELECT count(*) FROM audit WHERE detail::text ~ 'argon2id'")"
before=$(counts)
refused "a second enrolment" "there are accounts" "$people"

start_web
as lead GET /api/v1/session
same "a token is its account's" "200 lead" "$status $(member account)"
has "drawctl knows the profiles" clerk-jyj "$(ctl_as clerk-jyj whoami)"
call POST /api/v1/session -d "{\"account\":\"auditor\",\"password\":\"$(password auditor)\"}"
same "a password signs in" "201 auditor" "$status $(member account)"
call POST /api/v1/session -d "{\"account\":\"auditor\",\"password\":\"$(password lead)\"}"
same "another's does not" 401 "$status"
finish
