import { sysrootOption } from './options/option.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export const isShell = (word: string): word is Shell => shells.some((shell) => shell === word)

/**
 * The word that follows `hugepool` when the scripts ask for candidates. The typed words come after
 * it.
 */
export const completeWord = '__complete'

/** The answer where a directory is wanted. The shell completes directories by its own means. */
export const directoryMark = ':directory'
/** The answer where a file is wanted. */
export const fileMark = ':file'

const long = `--${sysrootOption.name}`
const letter = `-${sysrootOption.letter}`

/**
 * Returns the text unchanged, except for the `${` of the shell, which a template writes as `\${`.
 */
const script = (text: TemplateStringsArray, ...words: readonly string[]): string =>
  String.raw(text, ...words).replaceAll('\\${', '${')

// yargs makes scripts for bash and zsh, none for fish, and these cannot be told where files or
// directories are wanted.
const bash = script`# bash completion for hugepool

_hugepool() {
    local line=\${COMP_LINE:0:COMP_POINT} rest piece current start text i n=-1
    local -a words=()

    # bash splits words at = and : too; a word of hugepool ends where the line has a blank.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        rest=\${line#"\${line%%[![:space:]]*}"}
        [[ $i == 0 || $rest != "$line" ]] && words[++n]=
        piece=\${rest:0:\${#COMP_WORDS[i]}}
        line=\${rest:\${#piece}}
        words[n]+=\${piece//[\\\"\']/}
    done
    current=\${words[n]}

    # bash replaces what follows the last = or : and no more.
    piece=\${piece//[\\\"\']/}
    [[ $piece == *[!=:]* ]] || piece=
    start=\${current%"$piece"}

    COMPREPLY=()
    if [[ \${COMP_WORDS[COMP_CWORD - 1]} == *[\<\>]* ]]; then
        compopt -o default
        return
    fi
    if [[ \${words[n - 1]} == @(${long}|${letter}) || $current == ${long}=* ]]; then
        compopt -o dirnames
        return
    fi
    while IFS=$'\t' read -r text _; do
        if [[ $text == ${directoryMark} ]]; then
            compopt -o dirnames
            return
        fi
        if [[ $text == ${fileMark} ]]; then
            compopt -o default
            return
        fi
        COMPREPLY+=("\${text#"$start"}")
        [[ $text == *[=:,] ]] && compopt -o nospace
    done < <(command hugepool ${completeWord} "\${words[@]:1}" 2>/dev/null)
} 2>/dev/null

complete -o nosort -F _hugepool hugepool 2>/dev/null || complete -F _hugepool hugepool`

const zsh = script`#compdef hugepool

_hugepool() {
  local text help
  local -a words_before spaced unspaced
  words_before=("\${(@Q)words[2,CURRENT-1]}")

  if [[ $PREFIX == ${long}=* ]]; then
    compset -P '*='
    _files -/
    return
  fi
  if [[ \${words[CURRENT-1]} == (${long}|${letter}) ]]; then
    _files -/
    return
  fi

  while IFS=$'\t' read -r text help; do
    if [[ $text == ${directoryMark} ]]; then
      _files -/
      return
    fi
    if [[ $text == ${fileMark} ]]; then
      [[ $PREFIX == --*=* ]] && compset -P '*='
      _files
      return
    fi
    # _describe takes what follows a colon for the description.
    help=\${text//:/\\:}\${help:+:$help}
    if [[ $text == *[=:,] ]]; then
      unspaced+=("$help")
    else
      spaced+=("$help")
    fi
  done < <(command hugepool ${completeWord} $words_before "$PREFIX" 2>/dev/null)
  _describe -V hugepool spaced -- unspaced -S ''
}

if [[ \${funcstack[1]} == _hugepool ]]; then
  _hugepool "$@"
else
  compdef _hugepool hugepool
fi`

const fish = script`# fish completion for hugepool

function __hugepool_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct | string replace -ra '["\'\\\\]' '')
    set -e before[1]

    if string match -q -- '${long}=*' $current
        __fish_complete_directories (string replace -- ${long}= '' $current) \
            | string replace -r '^' -- ${long}=
    else if contains -- "$before[-1]" ${long} ${letter}
        __fish_complete_directories $current
    else
        set -l found (command hugepool ${completeWord} $before "$current" 2>/dev/null)
        if contains -- ${directoryMark} $found
            __fish_complete_directories $current
        else if contains -- ${fileMark} $found
            set -l flag (string match -r -- '^--[^=]*=' $current; or echo)
            __fish_complete_path (string replace -- "$flag" '' $current) \
                | string replace -r '^' -- "$flag"
        else
            for line in $found
                printf '%s\\n' $line
            end
        end
    end
end

complete -c hugepool -f -k -a '(__hugepool_complete)'`

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish }
