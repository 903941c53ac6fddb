/**
 * Scripts by which shells complete `notafter`. Each asks `notafter complete -- WORD… +CURRENT`, which prints a candidate a line with its
 * description after a tab, and the line `:files` where names of files fit. The plus keeps an empty word, which some shells drop. They
 * need nothing but the shell: not the package bash-completion, and of zsh its own compinit.
 */
export const completionScripts = {
  bash: `# Completion of notafter for bash: source <(notafter complete bash)
_notafter() {
  local rest=\${COMP_LINE:0:COMP_POINT} word current line prefix i
  local -a words=()
  # Bash splits words at colons and equal signs: those without a space between them are one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    line=\${rest#"\${rest%%[![:space:]]*}"}
    [[ $line == "$word"* ]] || word=$line
    if ((i == 0)) || [[ $line != "$rest" ]]; then words+=("$word"); else words[\${#words[@]}-1]+=$word; fi
    rest=\${line#"$word"}
  done
  current=\${words[\${#words[@]}-1]}
  prefix=
  [[ $COMP_WORDBREAKS == *:* && $current == *:* ]] && prefix=\${current%"\${current##*:}"}
  [[ $COMP_WORDBREAKS == *=* && $current == --*=* ]] && prefix=\${current%%=*}=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      [[ $current == --*=* ]] && word=\${current#*=} || word=$current
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${word/#\\~/$HOME}")
    else
      line=\${line%%$'\\t'*}
      [[ $line == "$current"* ]] && COMPREPLY+=("\${line#"$prefix"}")
    fi
  done < <("\${words[0]}" complete -- "\${words[@]:1:\${#words[@]}-2}" "+$current" 2>/dev/null)
}
complete -F _notafter notafter
`,
  zsh: `#compdef notafter
# Completion of notafter for zsh: source <(notafter complete zsh), or this file as _notafter in a folder of $fpath
_notafter() {
  local line files=
  local -a candidates
  for line in "\${(@f)$("$words[1]" complete -- "\${(@Q)words[2,CURRENT-1]}" "+\${(Q)PREFIX}" 2>/dev/null)}"; do
    case $line in
      (:files) files=1 ;;
      ('') ;;
      (*$'\\t'*) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
      (*) candidates+=("\${line//:/\\\\:}") ;;
    esac
  done
  (( $#candidates )) && _describe notafter candidates
  if [[ -n $files ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    _files
  fi
}
if [[ $funcstack[1] == _notafter ]]; then
  _notafter "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _notafter notafter
fi
`,
  fish: `# Completion of notafter for fish: notafter complete fish > ~/.config/fish/completions/notafter.fish
function __notafter_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in ($words[1] complete -- $words[2..-1] "+$current" 2>/dev/null)
    if test "$line" = :files
      set -l option (string match -r -- '^--[^=]*=' $current)
      for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $current))
        echo "$option$path"
      end
    else
      echo $line
    end
  end
end
complete -c notafter -f -a '(__notafter_complete)'
`,
  powershell: `# Completion of notafter for PowerShell: notafter complete powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName notafter -ScriptBlock {
  param($current, $line, $position)
  $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_".Trim("'", '"') })
  $program = $words[0]
  $before = @($words | Select-Object -Skip 1)
  foreach ($found in & $program complete -- @before "+$current" 2>$null) {
    if ($found -eq ':files') {
      [System.Management.Automation.CompletionCompleters]::CompleteFilename($current)
      continue
    }
    $word, $meaning = $found -split "\`t", 2
    if (-not $meaning) { $meaning = $word }
    if ($word -like "$current*") {
      [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
    }
  }
}
`,
} as const;

/** A shell that has a script. */
export type Shell = keyof typeof completionScripts;
