# Turns text files into C strings.
#   -v form=migrations FILE...   the table migrations[] from NNNN_name.sql files
#   -v form=NAME FILE            the bytes of one text file as NAME and NAME_size
# Every line of the result ends in LF, the last one too.

function fail(why) {
	printf "%s\n", why > "/dev/stderr"
	failed = 1
	exit 1
}

BEGIN {
	print "/* Made by etc/embed.awk. */"
	print "#include \"daemon/sqltext.h\"\n"
	if (form == "migrations")
		print "const struct migration migrations[] = {"
	else
		printf "const char %s[] =", form
}

FNR == 1 && form == "migrations" {
	if (count++)
		print " },"
	file = FILENAME
	sub(/.*\//, "", file)
	sub(/\.sql$/, "", file)
	if (file !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+$/)
		fail(FILENAME ": a migration is named NNNN_name.sql")
	number = substr(file, 1, 4) + 0
	if (number != count)
		fail(FILENAME ": migrations are numbered from 0001 without gaps")
	printf "\t{ %d, \"%s\",", number, substr(file, 6)
}

{
	gsub(/\\/, "\\\\&")
	gsub(/"/, "\\\"")
	gsub(/\?/, "\\?")
	gsub(/\t/, "\\t")
	gsub(/\r/, "\\r")
	printf "\n\t  \"%s\\n\"", $0
}

END {
	if (failed)
		exit 1
	if (form == "migrations") {
		print count ? " }," : "", "\n\t{ 0, 0, 0 },\n};"
		printf "const int migrations_count = %d;\n", count
	} else {
		print NR ? ";" : "\"\";"
		printf "const size_t %s_size = sizeof %s - 1;\n", form, form
	}
}
