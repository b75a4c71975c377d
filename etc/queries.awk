# Turns sql/queries/*.sql into a C header (-v form=h) or a C table (-v form=c).
#
#   -- name: round_advance
#   -- in: id int8, from text, to text
#   UPDATE round SET state = $3 WHERE id = $1 AND state = $2 RETURNING id;
#
# `name` starts a query, `in` names and types its parameters ($1, $2, …); every other line that
# begins with `--` is a comment. A query is one statement; its last semicolon is dropped.

function fail(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}

function finish(    i, top, rest) {
	if (count == 0)
		return
	sub(/[ \t\n;]+$/, "", text[count])
	if (text[count] == "")
		fail("query " name[count] " has no text")
	if (index(text[count], ";") && text[count] !~ /'[^']*;[^']*'/)
		fail("query " name[count] " holds more than one statement")
	top = 0
	rest = text[count]
	while (match(rest, /\$[0-9]+/)) {
		i = substr(rest, RSTART + 1, RLENGTH - 1) + 0
		if (i > top)
			top = i
		rest = substr(rest, RSTART + RLENGTH)
	}
	if (top != params[count])
		fail("query " name[count] " uses $" top " but declares " params[count] " parameters")
}

# "id int8, amount numeric(10,2)" → params and the types alone, "int8, numeric(10,2)"
function declare(list,    i, c, depth, part) {
	if (params[count] > 0)
		fail("query " name[count] " has two in: lines")
	list = list ","
	depth = 0
	part = ""
	for (i = 1; i <= length(list); i++) {
		c = substr(list, i, 1)
		depth += (c == "(") - (c == ")")
		if (c != "," || depth > 0) {
			part = part c
			continue
		}
		gsub(/^[ \t]+|[ \t]+$/, "", part)
		if (part !~ /^[a-z_][a-z0-9_]* +[a-z]/)
			fail("query " name[count] ": \"" part "\" is not `name type`")
		sub(/^[a-z0-9_]+ +/, "", part)
		types[count] = types[count] (params[count] ? ", " : "") part
		params[count]++
		part = ""
	}
}

function quoted(s) {
	gsub(/\\/, "\\\\&", s)
	gsub(/"/, "\\\"", s)
	gsub(/\?/, "\\?", s)
	gsub(/\t/, "\\t", s)
	gsub(/\n/, "\\n\"\n\t  \"", s)
	return "\"" s "\""
}

{ sub(/\r$/, "") }

/^-- name:/ {
	finish()
	n = $0
	sub(/^-- name:[ \t]*/, "", n)
	sub(/[ \t]+$/, "", n)
	if (n !~ /^[a-z][a-z0-9_]*$/)
		fail("\"" n "\" is not a query name: [a-z][a-z0-9_]*")
	if (n in seen)
		fail("query " n " stands in " seen[n] " already")
	seen[n] = FILENAME
	name[++count] = n
	text[count] = types[count] = ""
	params[count] = 0
	next
}

/^-- in:/ {
	if (count == 0)
		fail("in: before the first name:")
	l = $0
	sub(/^-- in:[ \t]*/, "", l)
	if (l !~ /^[ \t]*$/)
		declare(l)
	next
}

/^[ \t]*--/ { next }

{
	if (count > 0 && (text[count] != "" || $0 !~ /^[ \t]*$/))
		text[count] = text[count] $0 "\n"
	else if ($0 !~ /^[ \t]*$/)
		fail("SQL before the first name:")
}

END {
	if (failed)
		exit 1
	finish()
	if (failed)
		exit 1
	print "/* Made from sql/queries by etc/queries.awk. */"
	if (form == "h") {
		print "#ifndef DRAWD_GEN_QUERIES_H\n#define DRAWD_GEN_QUERIES_H\n"
		print "enum query_id {"
		for (i = 1; i <= count; i++)
			printf "\tQ_%s,\n", name[i]
		print "\tQ_COUNT\n};\n\n#endif"
		exit 0
	}
	print "#include \"daemon/sqltext.h\"\n\n#include <stddef.h>\n"
	print "const struct query queries[Q_COUNT + 1] = {"
	for (i = 1; i <= count; i++)
		printf "\t{ \"%s\",\n\t  %s,\n\t  %d, %s, false },\n", name[i], quoted(text[i]), params[i],
			quoted(types[i])
	print "\t{ NULL, NULL, 0, NULL, false },\n};"
}
