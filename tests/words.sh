#!/bin/bash
# The glossary test: documents, SQL, sources with their messages, the error table and man pages
# use the words of etc/glossary.txt and none of the synonyms it refuses.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
glossary=etc/glossary.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# refused word TAB word to use instead; phrases that stay legal
sed -n '/^#/d; /^=/d; /|/s/ *| */|/gp' $glossary |
	awk -F'|' '{
		n = split($3, w, / *, */)
		for (i = 1; i <= n; i++)
			if (w[i] != "")
				print w[i] "\t" $1 " (" $2 ")"
	}' >"$work/refused"
sed -n 's/^= *//p' $glossary >"$work/legal"
cut -f1 "$work/refused" | sed 's/[.-]/\\&/g; s/\([a-zA-Z]\)$/\1s?/; /[a-zA-Z]/s/.*/\\b&\\b/' >"$work/patterns"
sed 's/[.*\/]/\\&/g; s/.*/s\/&\/ \/g/' "$work/legal" >"$work/blank"

# Lines "FILE:LINE:TEXT" with refused words in them.
findings() {
	awk '{ print FILENAME ":" FNR ":" $0 }' "$@" /dev/null | sed -f "$work/blank" |
		grep -iE -f "$work/patterns"
}

mapfile -t files < <(find . \( -path './build*' -o -path ./.git -o -name node_modules \) -prune -o -type f \
	\( -name '*.md' -o -name '*.h' -o -name '*.def' -o -name '*.sql' -o -path './etc/man/*' \
	-o -path './etc/*.conf' -o -path './etc/policy/*' -o -path './etc/catalogue*' -o -path './etc/demo.sh' \
	-o -path './daemon/*.c' -o -path './daemon/web/*' -o -path './sampler/*.c' -o -path './sampler/*.py' \
	-o -path './planner/*.c' \) ! -path ./daemon/register/columns_table.c ! -path ./daemon/register/words.c -print | sort) # names that files give

failed=0
found=$(findings "${files[@]}")
if [ -z "$found" ]; then
	echo "ok words: ${#files[@]} files use the glossary's words"
else
	echo "not ok words: synonyms that etc/glossary.txt refuses"
	while IFS= read -r line; do
		echo "$line"
		paste "$work/patterns" "$work/refused" | while IFS=$'\t' read -r pattern word instead; do
			grep -qiE -e "$pattern" <<<"$line" && echo "    \"$word\": say $instead"
		done
	done <<<"$found"
	failed=1
fi

# The test can fail: every refused word is found, no standard word is, a legal phrase is not.
cut -f1 "$work/refused" | sed 's/.*/The & is here./' >"$work/sample.md"
if [ "$(findings "$work/sample.md" | wc -l)" = "$(wc -l <"$work/refused")" ]; then
	echo "ok words: finds each of $(wc -l <"$work/refused") refused words"
else
	echo "not ok words: some refused words are not found"
	findings "$work/sample.md" | cut -d: -f3 | diff - "$work/sample.md" | sed -n 's/^> //p'
	failed=1
fi
sed -n '/^#/d; /^=/d; /|/s/|[^|]*$//p' $glossary | tr '|' '\n' | cat - "$work/legal" >"$work/standard.md"
if wrong=$(findings "$work/standard.md"); then
	echo "not ok words: the glossary refuses one of its own words"
	echo "$wrong"
	failed=1
else
	echo "ok words: refuses none of its own words"
fi
exit $failed
