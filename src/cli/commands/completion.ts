import { usage } from '../../errors.ts'
import { define } from '../command.ts'
import { completionScripts, isShell, shells } from '../completion-scripts.ts'

export const completionCommand = define({
  details: [
    'The script completes commands, options, columns, and the page sizes and nodes that this',
    'machine has at that moment: it asks hugepool, which has to be on PATH. In a .zshrc it is',
    'sourced after compinit.',
  ],
  operands: { usage: 'SHELL', least: 1, most: 1, completes: 'shell' },
  options: [],
  columns: [],
  examples: [
    { line: 'source <(hugepool completion bash)', meaning: 'for this bash' },
    {
      line: 'hugepool completion bash > ~/.local/share/bash-completion/completions/hugepool',
      meaning: 'for every bash of yours',
    },
    {
      line: 'hugepool completion zsh > /usr/local/share/zsh/site-functions/_hugepool',
      meaning: 'for every zsh',
    },
    {
      line: 'hugepool completion fish > ~/.config/fish/completions/hugepool.fish',
      meaning: 'for every fish of yours',
    },
  ],
  resolve: ({ operands: [shell = ''] }) => {
    if (!isShell(shell))
      throw usage(`'${shell}' is not a shell`, `there are scripts for ${shells.join(', ')}`)
    return shell
  },
  run: async (shell) => completionScripts[shell],
  view: (script, shell) => ({
    lines: [script],
    document: () => ({ shell, script }),
    words: [],
    hints: [],
    partial: false,
  }),
})
