# From sql/queries/*.sql the script that asks, for each query, which process may run it: prepared as
# `file.name`, then planned under each role (tests/db/queries.sql). Statements that cannot be
# planned (BEGIN, SET, LISTEN, LOCK, COPY) are left out.
function flush(   arguments, i, part) {
	sub(/;[ \t\n]*$/, "", text)
	if (name != "" && text ~ /^[ \t\n]*(SELECT|INSERT|UPDATE|DELETE|WITH)/) {
		print "PREPARE \"" file "." name "\"" (types != "" ? " (" types ")" : "") " AS\n" text ";"
	}
	name = types = text = ""
}
FNR == 1 { flush(); file = FILENAME; sub(/.*\//, "", file); sub(/\.sql$/, "", file) }
/^-- name: / { flush(); name = $3; next }
/^-- in: / {
	sub(/^-- in: /, "")
	n = split($0, part, / *, */)
	for (i = 1; i <= n; i++) {
		sub(/^[a-z_0-9]+ /, "", part[i])
		types = types (i > 1 ? ", " : "") part[i]
	}
	next
}
/^--/ { next }
{ text = text $0 "\n" }
END { flush() }
