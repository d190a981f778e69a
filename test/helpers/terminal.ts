import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { withoutLoader } from './run.ts'

/** Fails the test where a program is missing, with the name of the package that has it. */
export const needs = (command: string, debianPackage: string): void => {
  const { status } = spawnSync('sh', ['-c', `command -v ${command}`])
  if (status !== 0) throw new Error(`${command} is missing: install the package ${debianPackage}`)
}

/** Where a shell runs, and all that it finds in its environment. */
export interface ShellOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface Terminal {
  /** Types keys at the prompt and gives the line they make; forgets the line. */
  readonly type: (keys: string) => Promise<string>
  readonly close: () => Promise<void>
}

const showLine = '\x14'

/** How long a shell may take for an answer on a busy machine, in milliseconds. */
const patience = 20_000

/**
 * A shell on a terminal of its own, which script(1) makes. Its Ctrl-T has to print the line as
 * LINE<...>END and to empty it.
 */
export const openTerminal = async (command: string, options: ShellOptions): Promise<Terminal> => {
  needs('script', 'bsdutils')
  const child = spawn('env', [...withoutLoader, 'script', '-qec', command, '/dev/null'], options)
  // Awaited from the beginning: a shell may have ended before it is closed.
  const closed = once(child, 'close')
  let seen = ''
  let wake = () => {}
  child.stdout.on('data', (data) => {
    seen += data
    wake()
  })
  const until = async (pattern: RegExp): Promise<string> => {
    const deadline = Date.now() + patience
    for (;;) {
      const found = pattern.exec(seen)
      if (found) {
        seen = seen.slice(found.index + found[0].length)
        return found[1] ?? ''
      }
      if (Date.now() > deadline) throw new Error(`no ${pattern} in ${JSON.stringify(seen)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, 100)
      })
    }
  }
  // One that is left keeps the process of the test, and with it the whole run, from ending.
  const end = (): boolean => child.kill('SIGKILL')
  try {
    await until(/ready> /)
  } catch (error) {
    end()
    throw error
  }
  return {
    type: async (keys) => {
      child.stdin.write(keys + showLine)
      return until(/LINE<(.*?)>END/)
    },
    close: async () => {
      const tooLong = setTimeout(end, patience)
      child.stdin.end('exit\n')
      await closed
      clearTimeout(tooLong)
    },
  }
}

/** What such shells read first; all-matches inserts all candidates, as Meta-* does in bash. */
export const startUp = {
  bash: `
stty cols 200
PS1='ready> '
show_line() {
  printf 'LINE<%s>END\\n' "$READLINE_LINE"
  READLINE_LINE= READLINE_POINT=0
}
bind -x '"\\C-t": show_line'
`,
  zsh: `
stty cols 200
PS1='ready> '
autoload -Uz compinit
compinit -u -D
show-line() {
  print -r -- "LINE<$BUFFER>END" > /dev/tty
  BUFFER=
}
zle -N show-line
bindkey '^T' show-line
zle -C all-matches complete-word _generic
bindkey '^X^A' all-matches
zstyle ':completion:all-matches:*' insert yes
zstyle ':completion:all-matches:*' completer _all_matches _complete
`,
  fish: `
stty cols 200
function fish_prompt; echo -n 'ready> '; end
function show_line
  echo 'LINE<'(commandline)'>END'
  commandline ''
end
hugepool completion fish | source
bind \\ct show_line
`,
}
