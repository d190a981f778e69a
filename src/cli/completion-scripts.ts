export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export const isShell = (word: string): word is Shell => shells.some((shell) => shell === word)

export const completionScripts: Readonly<Record<Shell, string>> = { bash: '', zsh: '', fish: '' }
