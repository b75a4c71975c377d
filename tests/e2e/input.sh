#!/bin/bash
# What people hand in: broken rows come back with reasons, good ones go in; files that are no lists are
# refused with a sentence; a list imported again changes numbers of nobody.
. "$(dirname "$0")/lib.sh"
start_server
house lists

cat >"$TEST_DIR/broken.csv" <<'END'
名称,统一社会信用代码,成立日期,登记状态,信用风险等级,行业,备用
甲酒店,91350200MA2YJ1XR9G,2012-07-16,存续,A,H6110,
乙公司,91350200MA2YJ1XR9H,2012/7/16,在营,低,H6110,
丙公司,91511304MA68671F6,2012-07-16,存续,A,,
丁公司,91511304MA68671F6L,2012-02-30,存续,A,,
戊公司,913710000509012000,2012-07-16,存续,A,,
己公司,91511304ma68671f6l,2012-07-16,存续,A,零售,
甲酒店,91350200MA2YJ1XR9G,2012-07-16,存续,A,H6110,
庚公司,913710000509012293,2012-07-16,存续,A,,
庚公司,913710000509012293,2012-07-16,存续,D,,
"辛公司,9137100005091293XQ,,,,,
壬公司,91371000050917976R
END
printf '癸\xff公司,91371000050917976R,,,,,\n' >>"$TEST_DIR/broken.csv"
check 'a file with broken rows is imported' import entities "$TEST_DIR/broken.csv"
same 'rows, accepted, refused, repaired, remarked' '12|3|9|1|2' \
	"$(sql -c 'SELECT rows, accepted, refused, repaired, remarked FROM drawd.import_batch')"
same 'the good ones went in' '91350200MA2YJ1XR9G,91350200MA2YJ1XR9H,91511304MA68671F6L' \
	"$(sql -c "SELECT string_agg(object, ',' ORDER BY object) FROM drawd.entity_fact")"
sql -F ' ' -c 'SELECT line, col, code, severity FROM drawd.import_error ORDER BY ordinal' >"$TEST_DIR/notes"
cat >"$TEST_DIR/wanted" <<'END'
3 统一社会信用代码 uscc-digit remark
4 统一社会信用代码 bad-uscc error
5 成立日期 bad-date error
6 统一社会信用代码 uscc-rounded error
7 统一社会信用代码 repaired repair
7 行业 bad-industry remark
8  duplicate-row error
9  duplicate-differs error
10  duplicate-differs error
11  unclosed-quote error
12  column-count error
13 名称 bad-utf8 error
END
check 'every note names line, column and reason' diff "$TEST_DIR/wanted" "$TEST_DIR/notes"
same 'candidates for a rounded code' t \
	"$(sql -c "SELECT detail LIKE '%913710000509012293%' FROM drawd.import_error WHERE code = 'uscc-rounded'")"
not() { ! "$@"; }
returned() { # BATCH FILE: the file that goes back, once it is made, as text
	for _ in $(seq 200); do
		[ "$(sql -c "SELECT file_state FROM drawd.import_batch WHERE id = $1")" != ready ] || break
		sleep 0.05
	done
	ctl import file "$1" -o "$2.xlsx" >/dev/null && tests/e2e/sheet.py "$2.xlsx" >"$2"
}
check 'the file comes back' returned 1 "$TEST_DIR/back"
same 'with all of its rows' 13 "$(wc -l <"$TEST_DIR/back")"
same 'what was wrong stands in a column of its own' 错误说明 "$(head -n 1 "$TEST_DIR/back" | cut -f 8)"
same 'the cells that are wrong are red' 'red:91511304MA68671F6 red:2012-02-30 red:913710000509012000' \
	"$(awk -F '\t' '$2 ~ /^red:/ || $3 ~ /^red:/ { print ($2 ~ /^red/ ? $2 : $3) }' "$TEST_DIR/back" | head -n 3 | paste -sd ' ')"
same 'those repaired yellow' yellow:91511304ma68671f6l "$(grep -o 'yellow:[0-9a-z]*' "$TEST_DIR/back")"
check 'a rounded code with its candidates' grep -q '^戊公司.*913710000509012293' "$TEST_DIR/back"
ctl import errors 1 >"$TEST_DIR/errors.txt"
check 'and as sentences' grep -q 'check digits of the USCC fail' "$TEST_DIR/errors.txt"

refused_file() { # NAME CODE, the file on stdin
	cat >"$TEST_DIR/file.csv"
	import "${3:-entities}" "$TEST_DIR/file.csv" >"$TEST_DIR/out" 2>&1
	local status=$?
	same "$1: exit code" 1 $status
	same "$1: reason" "$2" "$(sql -c "SELECT error->>'code' FROM drawd.job ORDER BY id DESC LIMIT 1")"
	same "$1: nothing went in" failed "$(sql -c 'SELECT state FROM drawd.import_batch ORDER BY id DESC LIMIT 1')"
}
refused_file 'no header' no-column <<<$'1,2\n3,4'
refused_file 'a header alone' empty-file <<<'名称,统一社会信用代码'
printf '\xff\xfe\x0d\x54' | refused_file 'UTF-16' utf16-text
printf 'PK\x03\x04xxxxxxxx' | refused_file 'a spreadsheet that is none' zip-cut
refused_file 'a list of entities as inspectors' no-column inspectors <<<$'名称,统一社会信用代码\n甲,91350200MA2YJ1XR9G'

# a file without a good row is no list: nothing is confirmed, nothing is gone
printf '名称,统一社会信用代码\n丁公司,91511304MA68671F6\n' >"$TEST_DIR/file.csv"
ctl import entities "$TEST_DIR/file.csv" --source e2e --full --yes >"$TEST_DIR/out" 2>&1
same 'no good row: exit code' 1 $?
same 'no good row: state' 'discarded 1 0 1 0' "$(sql -c "SELECT concat_ws(' ', state, rows, accepted, refused, gone)
	FROM drawd.import_batch ORDER BY id DESC LIMIT 1")"
same 'no good row: what was there stands' 3 "$(sql -c 'SELECT count(*) FROM drawd.entity_current')"

# inspectors: ids in byte order of certificates, and theirs for ever
cat >"$TEST_DIR/people.csv" <<'END'
姓名,部门,执法证编号,执法证有效期至
某丙,某区市场监督管理局,C3,2027-01-31
某甲,scjg,C1,2027-01-31
某乙,某市公安局某分局,C2,2027-01-31
END
import inspectors "$TEST_DIR/people.csv" >/dev/null
same 'ids by certificate' 'C1=SCJG-0001,C2=GAJ-0001,C3=SCJG-0002' "$(sql -c "SELECT
	string_agg(certificate_no || '=' || inspector, ',' ORDER BY certificate_no) FROM drawd.inspector_current")"
sed -i '2i某丁,scjg,C0,2027-01-31' "$TEST_DIR/people.csv"
import inspectors "$TEST_DIR/people.csv" >/dev/null
same 'a known certificate keeps its id' 'C0=SCJG-0003,C1=SCJG-0001,C2=GAJ-0001,C3=SCJG-0002' "$(sql -c "SELECT
	string_agg(certificate_no || '=' || inspector, ',' ORDER BY certificate_no) FROM drawd.inspector_current")"
cat >"$TEST_DIR/recusals.csv" <<'END'
执法证编号,统一社会信用代码,回避事由
C1,91350200MA2YJ1XR9G,近亲属
C9,91350200MA2YJ1XR9G,近亲属
END
import recusals "$TEST_DIR/recusals.csv" >/dev/null
same 'a recusal finds its inspector' SCJG-0001 "$(sql -c 'SELECT inspector FROM drawd.recusal_fact')"
same 'an unknown one is told' '3 执法证编号 C9 bad-inspector' \
	"$(sql -F ' ' -c "SELECT line, col, value, code FROM drawd.import_error WHERE code = 'bad-inspector'")"

# an object has one id, however it is written; a recusal finds it, or says that there is none
# a department's file names its own people only; what it may not name is told alike, there or not
house departments
import inspectors "$TEST_DIR/people.csv" clerk-scjg >"$TEST_DIR/out" 2>&1
same 'rows of another department stay out' 'C0,C1,C3|5 部门 某市公安局某分局 other-department' "$(sql -F ' ' -c "SELECT
	(SELECT string_agg(certificate_no, ',' ORDER BY certificate_no) FROM drawd.inspector_current) || '|' ||
	line || ' ' || col || ' ' || value || ' ' || code FROM drawd.import_error" | sed 's/^|//')"
import inspectors "$TEST_DIR/people.csv" >/dev/null
same "a coordinator's file holds all" 'C0,C1,C2,C3' "$(sql -c "SELECT
	string_agg(certificate_no, ',' ORDER BY certificate_no) FROM drawd.inspector_current")"
cat >"$TEST_DIR/recusals.csv" <<'END'
执法人员编号,部门,执法证编号,统一社会信用代码,回避事由
,,C1,91350200MA2YJ1XR9G,近亲属
SCJG-0003,,,91350200MA2YJ1XR9G,近亲属
GAJ-0001,,,91350200MA2YJ1XR9G,近亲属
GAJ-0099,,,91350200MA2YJ1XR9G,近亲属
,gaj,C2,91350200MA2YJ1XR9G,近亲属
,gaj,C99,91350200MA2YJ1XR9G,近亲属
,,C2,91350200MA2YJ1XR9G,近亲属
,,C99,91350200MA2YJ1XR9G,近亲属
SCJG-0099,,,91350200MA2YJ1XR9G,近亲属
END
import recusals "$TEST_DIR/recusals.csv" clerk-scjg >"$TEST_DIR/out" 2>&1
same 'recusals of its own people' 'SCJG-0002,SCJG-0003' \
	"$(sql -c "SELECT string_agg(inspector, ',' ORDER BY inspector) FROM drawd.recusal_fact")"
same 'of others: whether they are there is not told' \
	'4 GAJ-0001 other-department,5 GAJ-0099 other-department,6 gaj other-department,7 gaj other-department,8 C2 bad-inspector,9 C99 bad-inspector,10 SCJG-0099 bad-inspector' \
	"$(sql -c "SELECT string_agg(line || ' ' || value || ' ' || code, ',' ORDER BY ordinal) FROM drawd.import_error
		WHERE batch = 3 AND severity = 'error'")"
same 'whose batches these are' 'scjg - scjg' \
	"$(sql -c "SELECT string_agg(coalesce(department, '-'), ' ' ORDER BY id) FROM drawd.import_batch")"
check 'its head sees what was wrong' as head-scjg import errors 3
as clerk-gaj import errors 3 >"$TEST_DIR/out" 2>&1
same 'another department does not' 1 $?
same 'nor the list of the whole installation' '' "$(as clerk-gaj import list)"

# departments are those of the installation, by code, name or short name, or as a file spells them
cat >"$TEST_DIR/names.csv" <<'END'
姓名,单位,执法证编号,执法证有效期至
某戊,市监局,D1,2027-01-31
某己,某市示范区市场监督管理局,D2,2027-01-31
某庚,swju,D3,2027-01-31
某辛,某市税务局某分局,D4,2027-01-31
END
import inspectors "$TEST_DIR/names.csv" >"$TEST_DIR/out" 2>&1
same 'by the names of the table' 'D1=scjg,D2=scjg' "$(sql -c "SELECT string_agg(certificate_no || '=' || department, ','
	ORDER BY certificate_no) FROM drawd.inspector_number WHERE certificate_no LIKE 'D%'")"
same 'no code that it lacks, whoever spells it' '4 swju unknown-department,5 某市税务局某分局 unknown-department' \
	"$(sql -c "SELECT string_agg(line || ' ' || value || ' ' || code, ',' ORDER BY ordinal) FROM drawd.import_error
		WHERE batch = (SELECT max(id) FROM drawd.import_batch)")"

# objects: a department adds new ones and speaks of those of its own lists, a coordinator of all
objects_of() { # ACCOUNT ROW…: imports these rows; what was refused
	printf '%s\n' '名称,统一社会信用代码,登记状态' "${@:2}" >"$TEST_DIR/own.csv"
	import entities "$TEST_DIR/own.csv" "$1" >"$TEST_DIR/out" 2>&1
	sql -c "SELECT b.accepted || '+' || b.refused || coalesce(' ' || string_agg(e.line || ':' || e.value || ' ' || e.code, ','
			ORDER BY e.ordinal), '')
		  FROM drawd.import_batch b LEFT JOIN drawd.import_error e ON e.batch = b.id
		 WHERE b.id = (SELECT max(id) FROM drawd.import_batch) GROUP BY b.id"
}
standing() { # objects, whose list spoke of them last, and what it said
	sql -c "SELECT string_agg(e.name || '=' || coalesce(b.department, '-') || '=' || e.status, ' ' ORDER BY e.object)
		  FROM drawd.entity_current e JOIN drawd.import_batch b ON b.id = e.batch"
}
A=91350200MA2YJ1XR9G D=91511304MA68671F6L C=913710000509012293
same 'a list of the whole installation' '1+0' "$(objects_of lead "甲,$A,存续")"
same "a department's" '2+0' "$(objects_of clerk-scjg "乙,$D,存续" "丙,$C,存续")"
same 'another strikes nothing off' "1+3 2:$A other-department,4:$D other-department,5:$C other-department" \
	"$(objects_of clerk-jyj "甲,$A,注销" "丁,$A/2,存续" "乙,$D,注销" "丙,$C,注销")"
same 'but adds what is new' '甲=-=open 丁=jyj=open 丙=scjg=open 乙=scjg=open' "$(standing)"
batch=$(sql -c 'SELECT max(id) FROM drawd.import_batch')
# as it was uploaded, telephone numbers and all: to its department, and not to a coordinator
check 'a coordinator does not have the file of a department' not returned "$batch" "$TEST_DIR/back"
as head-jyj import file "$batch" -o "$TEST_DIR/theirs.xlsx" >/dev/null
tests/e2e/sheet.py "$TEST_DIR/theirs.xlsx" >"$TEST_DIR/back"
check 'a row that was refused comes back to it' grep -q "^red:甲	$A	注销	〔退回〕" "$TEST_DIR/back"
same 'its own it changes' '2+0' "$(objects_of clerk-scjg "乙,$D,注销" "丙,$C,存续")"
same 'a coordinator changes all' '2+0' "$(objects_of lead "丁,$A/2,注销" "丙,$C,注销")"
same 'which are then of the whole installation' "0+1 2:$C other-department" "$(objects_of clerk-scjg "丙,$C,存续")"
same 'what stands' '甲=-=open 丁=-=cancelled 丙=-=cancelled 乙=scjg=cancelled' "$(standing)"

house ids
cat >"$TEST_DIR/objects.csv" <<'END'
名称,统一社会信用代码,检查对象编号
甲店,91350200ma2yj1xr9g/2,
乙店,,110108000000017/1
丙店,,X-7／3
END
import entities "$TEST_DIR/objects.csv" >/dev/null
same 'objects and entities' \
	'91350200MA2YJ1XR9G/02=91350200MA2YJ1XR9G=enterprise=350200 R110108000000017=R110108000000017== X-7/03=X-7==' \
	"$(sql -c "SELECT string_agg(concat_ws('=', object, entity, kind, region), ' ' ORDER BY object)
		FROM drawd.entity_current")"
import inspectors "$TEST_DIR/people.csv" >/dev/null
cat >"$TEST_DIR/recusals.csv" <<'END'
执法证编号,检查对象编号,回避事由
C1,91350200MA2YJ1XR9G/002,近亲属
C1,91350200MA2YJ1XR9G/01,近亲属
C1,110108000000017,近亲属
C1,x-7/3,近亲属
C1,91350200MA2YJ1XR9G/4,近亲属
C1,110108000000016,近亲属
END
import recusals "$TEST_DIR/recusals.csv" >/dev/null
same 'recusals from them' '91350200MA2YJ1XR9G 91350200MA2YJ1XR9G/02 R110108000000017 X-7/03' "$(sql -c "
	SELECT string_agg(subject, ' ' ORDER BY subject) FROM drawd.recusal_fact r
	WHERE EXISTS (SELECT FROM drawd.entity_current e WHERE r.subject IN (e.object, e.entity))")"
same 'from what no list has: said' '6 91350200MA2YJ1XR9G/04,7 R110108000000016' "$(sql -c "
	SELECT string_agg(line || ' ' || value, ',' ORDER BY line) FROM drawd.import_error WHERE code = 'unknown-subject'")"
same 'and counted' '6|0|1|3|2' "$(sql -c "SELECT accepted, refused, repaired, remarked, result->>'unknown_subjects'
	FROM drawd.import_batch WHERE kind = 'recusals'")"

# what is personal is masked in what is told of a row, wherever it stands
house personal
cat >"$TEST_DIR/people.csv" <<'END'
姓名,部门,执法证编号,执法证有效期至,身份证号,联系电话
某甲,scjg,C1,110101198001010015,110101199003074215,13800138000
某乙,scjg,C2,13800138000,11010119900307421X,1380013
某丙,scjg,C3,2027-01-31,"110101199003074215,13800138000
某丁,scjg,C4,2027-01-31,110101199003074215,13800138000
END
import inspectors "$TEST_DIR/people.csv" >/dev/null
same 'something was wrong' t "$(sql -c 'SELECT count(*) >= 4 FROM drawd.import_error')"
same 'no number is told' 0 "$(sql -c "SELECT count(*) FROM drawd.import_error WHERE concat(value, detail) ~ '[0-9]{9}'")"
same 'nor kept in a fact' 0 "$(sql -c "SELECT count(*) FROM drawd.inspector_fact f WHERE f::text ~ '1101011990|13800138000'")"
same 'its mask is' '110***********4215|138****8000' \
	"$(sql -c "SELECT split_part(id_no, ' ', 1), split_part(phone, ' ', 1) FROM drawd.inspector_fact WHERE name = '某丁'")"

# however they are written, and in columns where a certificate stands
cat >"$TEST_DIR/slipped.csv" <<'END'
姓名,部门,执法证编号,执法证有效期至,身份证号,联系电话
某一,scjg,C5,138-0013-8007,,
某二,scjg,C6,86 13800138000,,
某三,scjg,C7,手机13800138005,,
某四,scjg,C8,110101 19900307 4215,,
某五,scjg,C9,110101900307421,,
某六,scjg,110101199003074215,2027-01-31,,
某七,scjg,C10,2027-13-31,,
END
ctl import inspectors "$TEST_DIR/slipped.csv" --source e2e --yes >/dev/null 2>&1
same 'masked however it is written' '138-****-8007 86 1******8000 手机138****8005 110*** ******** 4215 110********7421 110***********4215 2027-13-31' \
	"$(sql -c "SELECT string_agg(value, ' ' ORDER BY line) FROM drawd.import_error
		WHERE batch = (SELECT max(id) FROM drawd.import_batch) AND severity = 'error'")"
same 'a citizen ID is no certificate' 'citizen-id 执法证编号' "$(sql -F ' ' -c "SELECT code, col FROM drawd.import_error
	WHERE batch = (SELECT max(id) FROM drawd.import_batch) AND line = 7")"
# a list whose header is missing: nothing of its first row is in job, audit log or the workers' log
printf '110101199003074215,13800138000,某人\n' >"$TEST_DIR/headless.csv"
ctl import inspectors "$TEST_DIR/headless.csv" --source e2e --yes >/dev/null 2>&1
printf '姓名,部门,执法证编号,执法证有效期至,138-0013-8007\n某八,scjg,C11,2027-01-31,x\n' >"$TEST_DIR/headless.csv"
import inspectors "$TEST_DIR/headless.csv" >/dev/null
same 'a header that is a row is told masked' '姓名; line 1: "110***********4215" …|138-****-8007' "$(sql -c "SELECT
	max(j.error ->> 'what'), max(j.result ->> 'unknown_columns') FROM drawd.job j WHERE kind = 'import'")"
same 'and stands nowhere' 0 "$(sql -c "SELECT (SELECT count(*) FROM drawd.job j WHERE j::text ~ '1101011990|138-?0013') + (SELECT count(*) FROM drawd.audit a
	WHERE a::text ~ '1101011990|138-?0013') + (SELECT count(*) FROM drawd.import_batch b WHERE b::text ~ '1101011990|138-?0013')
	+ (SELECT count(*) FROM drawd.header_mapping m WHERE m::text ~ '1101011990|138-?0013')")"
check 'nor in a log' not grep -q '1101011990\|138-\?0013' "$house/log"

# who may act as the workers opens one fact; the audit log says why
inspector=$(sql -c "SELECT inspector FROM drawd.inspector_fact WHERE name = '某丁'")
same 'a sealed fact is opened' 13800138000 "$("$B/drawd" --conf "$house/drawd.conf" unseal inspectors "$inspector" phone 通知进场 2>>"$TEST_DIR/log")"
same 'and noted' "inspectors/$inspector/phone|通知进场|1" "$(sql -c "SELECT object, reason, count(*) FROM drawd.audit
	WHERE object_kind = 'personal' AND act = 'read' GROUP BY 1, 2")"
for wrong in "inspectors $inspector name x" "inspectors NO-1 phone x" "nothing $inspector phone x" "inspectors $inspector phone"; do
	# shellcheck disable=SC2086 # words
	"$B/drawd" --conf "$house/drawd.conf" unseal $wrong >"$TEST_DIR/out" 2>>"$TEST_DIR/log" && not_ok "unseal $wrong"
	same "nothing is told: $wrong" '' "$(cat "$TEST_DIR/out")"
done
"$B/drawd" --conf "$house/drawd.conf" unseal inspectors "$inspector" phone ' ' >>"$TEST_DIR/log" 2>&1 && not_ok 'unseal without a reason'
same 'no more is noted' 1 "$(sql -c "SELECT count(*) FROM drawd.audit WHERE object_kind = 'personal'")"

# nor is a citizen ID kept in the note of a register that has no personal facts
cat >"$TEST_DIR/permits.csv" <<'END'
统一社会信用代码,许可证名称,许可证编号,有效期至
91350200MA2YJ1XR9G,甲证,1,110101199003074215
91350200MA2YJ1XR9G,乙证,2,李四 11010119900307421X/110101199003074215
91350200MA2YJ1XR9G,丁证,4,2027-01-31
END
import permits "$TEST_DIR/permits.csv" >/dev/null
same 'masked wherever it stands' '2 110***********4215,3 李四 11010119900307421X/110***********4215' \
	"$(sql -c "SELECT string_agg(line || ' ' || value, ',' ORDER BY line) FROM drawd.import_error WHERE col = '有效期至'")"

# a whole list: what it lacks is gone, not what it names in a row that is refused
house whole
columns='名称,统一社会信用代码,成立日期'
printf '%s\n' $columns 甲,$A,2012-07-16 乙,$D,2012-07-16 丙,91371000050917976R,2012-07-16 丁,$C,2012-07-16 \
	>"$TEST_DIR/whole.csv" # the code of the last is one that an office program rounds
import entities "$TEST_DIR/whole.csv" >/dev/null
printf '%s\n' $columns 甲,$A,2012-07-16 乙,$D,2012-02-30 丁,913710000509012000,2012-07-16 >"$TEST_DIR/whole.csv"
ctl import entities "$TEST_DIR/whole.csv" --source e2e --full --yes >/dev/null
same 'a whole list: refused, gone' '2 1' "$(sql -c "SELECT concat_ws(' ', refused, gone) FROM drawd.import_batch ORDER BY id DESC LIMIT 1")"
same 'what stands' '甲 丁 乙' "$(sql -c "SELECT string_agg(name, ' ' ORDER BY object) FROM drawd.entity_current")"
columns='姓名,部门,执法证编号,执法证有效期至'
printf '%s\n' $columns 某甲,scjg,C1,2027-01-31 某乙,scjg,C2,2027-01-31 某丙,scjg,C3,2027-01-31 >"$TEST_DIR/whole.csv"
import inspectors "$TEST_DIR/whole.csv" >/dev/null
printf '%s\n' $columns 某甲,scjg,C1,2027-01-31 某乙,scjg,C2,2027-02-31 >"$TEST_DIR/whole.csv"
ctl import inspectors "$TEST_DIR/whole.csv" --source e2e --full --yes >/dev/null
same 'of inspectors as well' '某甲 某乙' "$(sql -c "SELECT string_agg(name, ' ' ORDER BY inspector) FROM drawd.inspector_current")"

# a file that lacks a column leaves what was said; an empty cell does not
house narrow
cat >"$TEST_DIR/wide.csv" <<'END'
统一社会信用代码,名称,登记状态,信用风险等级,上次检查日期,行政区划,标签,主体类型,行业,经营范围,经度,纬度,住所
91350200MA2YJ1XR9G,甲酒店,存续,A,2026-01-09,350203001,vip,个体工商户,H6110,食品销售,118.1,24.5,旧路
91511304MA68671F6L,乙公司,存续,B,2026-01-09,,,,,食品销售,,,旧路
END
printf '统一社会信用代码,名称,住所\n91350200MA2YJ1XR9G,甲酒店,新路\n91511304MA68671F6L,乙公司,\n' \
	>"$TEST_DIR/narrow.csv"
facts_of() { # OBJECT
	sql -c "SELECT kind, region, status, class, checked, labels, scope, industry, x, y, address
		FROM drawd.entity_current WHERE object = '$1'"
}
import entities "$TEST_DIR/wide.csv" >/dev/null
first='individual|350203001|open|A|*=2026-01-09|food-sale,gathering,hotel,vip|食品销售|H6110|118100000|24500000'
same 'all columns' "$first|旧路" "$(facts_of 91350200MA2YJ1XR9G)"
import entities "$TEST_DIR/narrow.csv" >/dev/null
same 'columns that are not there change nothing' "$first|新路" "$(facts_of 91350200MA2YJ1XR9G)"
second='enterprise|511304|open|B|*=2026-01-09|food-sale|食品销售|||'
same 'an empty cell says unknown' "$second|" "$(facts_of 91511304MA68671F6L)"
sed -i 's/个体工商户//; s/350203001//; s/,A,/,,/; s/vip//; s/118.1,24.5/,/' "$TEST_DIR/wide.csv"
import entities "$TEST_DIR/wide.csv" >/dev/null
same 'in every column' 'enterprise|350200|open||*=2026-01-09|food-sale,gathering,hotel|食品销售|H6110|||旧路' \
	"$(facts_of 91350200MA2YJ1XR9G)"
cat >"$TEST_DIR/wide.csv" <<'END'
姓名,部门,执法证编号,执法证有效期至,地区/片区,执法事项清单范围,请假,每轮上限,岗位状态
某甲,scjg,C1,2027-01-31,371002,scjg-price,2026-03-02,7,停用
END
printf '姓名,部门,执法证编号,执法证有效期至\n某甲,scjg,C1,2028-01-31\n某乙,scjg,C2,2028-01-31\n' >"$TEST_DIR/narrow.csv"
import inspectors "$TEST_DIR/wide.csv" >/dev/null
import inspectors "$TEST_DIR/narrow.csv" >/dev/null
same 'of inspectors neither' \
	'2028-01-31|371002|scjg-price|2026-03-02..2026-03-02|7|f 2028-01-31|*|*||0|t' "$(sql -c "SELECT
	certificate, regions, items, leave, lim, active FROM drawd.inspector_current ORDER BY inspector" | paste -sd ' ')"

# remarks hide no error: each has its own limit, and what was dropped is told
house limits
grep -q '^import: {' "$house/drawd.conf" || exit 1
sed -i 's/^import: {/&\n\terrors_max = 3;/' "$house/drawd.conf"
kill -HUP "$supervisor"
for _ in $(seq 100); do
	grep -q ' worker.* conf.reloaded' "$house/log" && break
	sleep 0.05
done
{
	echo '名称,统一社会信用代码,行业'
	for k in $(seq 7); do echo "甲$k,91511304MA68671F6L/$((k + 1)),零售"; done
	for k in $(seq 5); do echo "乙$k,9151130,"; done
} >"$TEST_DIR/many.csv"
import entities "$TEST_DIR/many.csv" >"$TEST_DIR/out"
same 'of each severity as many as the limit' '3|3' "$(sql -c "SELECT count(*) FILTER (WHERE severity = 'error'),
	count(*) FILTER (WHERE severity = 'remark') FROM drawd.import_error")"
same 'the rest is counted' '2|4' "$(sql -c "SELECT result->>'errors_dropped', result->>'remarks_dropped'
	FROM drawd.import_batch")"
ctl import show 1 >"$TEST_DIR/out"
check 'and told' grep -q '6 more were not kept' "$TEST_DIR/out"

# what is repeated is found however few rows are remembered in memory; each with the line of the other
house known
if grep -q '^parser: {' "$house/drawd.conf"; then
	sed -i 's/^parser: {/&\n\trows_known = 1;/' "$house/drawd.conf"
else
	printf 'parser: {\n\trows_known = 1;\n};\n' >>"$house/drawd.conf"
fi
{
	echo '名称,统一社会信用代码'
	echo '甲,91511304MA68671F6L'
	echo '乙,91350200MA2YJ1XR9G'
	echo '丙,91330110MA2KJ4A20X'
	echo '乙,91350200MA2YJ1XR9G'
	echo '丁,91330110MA2KJ4A20X'
	echo '甲,91511304MA68671F6L'
} >"$TEST_DIR/again.csv"
import entities "$TEST_DIR/again.csv" >/dev/null
same 'rows that repeat one beyond those in memory' \
	'4 duplicate-differs ≠ 6|5 duplicate-row = 3|6 duplicate-differs ≠ 4|7 duplicate-row = 2' "$(sql -c "SELECT
	string_agg(concat_ws(' ', line, code, detail), '|' ORDER BY line) FROM drawd.import_error WHERE severity = 'error'")"
same 'and do not count' '2 甲 3 乙' "$(sql -c "SELECT string_agg(line || ' ' || name, ' ' ORDER BY line) FROM drawd.entity_current")"
same 'as the batch tells' '6 2 4' "$(sql -c "SELECT concat_ws(' ', rows, accepted, refused) FROM drawd.import_batch")"

finish
