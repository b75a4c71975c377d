# bash completion for drawctl
_drawctl() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]:-}
	local options='--socket --json --lang --quiet --wait --help --version --output --kind --source
		--person --labels --pulses --demo --delta --draw-deadline --reveal-after --results-due
		--disclosure --department --account --place --value --attestation --level --limit --key --type'
	local words
	COMPREPLY=()
	case $before in
	--lang) words='zh en' ;;
	--kind) words='entities inspectors recusals' ;;
	--disclosure | --level) words='audit public' ;;
	--type) words='signer witness' ;;
	--socket | --output | -o | --attestation | --key)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	*)
		if [[ $word == -* ]]; then
			words=$options
		elif [ "$COMP_CWORD" = 1 ]; then
			words='import imports round log artefact attest key job routes health'
		elif [ "$COMP_CWORD" = 2 ]; then
			case $verb in
			imports) words='list show errors file' ;;
			round) words='create list show approve freeze lock beacon-text beacon draw visits reveal bundle' ;;
			log) words='checkpoint vkey' ;;
			key) words='new show' ;;
			esac
		fi
		;;
	esac
	if [ -n "${words:-}" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}
complete -o filenames -F _drawctl drawctl
