# bash completion for drawctl: what may come next, drawctl itself says.
_drawctl() {
	local word=${COMP_WORDS[COMP_CWORD]}
	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	if [ ${#COMPREPLY[@]} = 0 ]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	elif [[ ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
}
complete -o filenames -F _drawctl drawctl
