import type { Tone } from './columns.ts'

export type ColourChoice = 'auto' | 'always' | 'never'

/** Gives text its colour on one stream; what it says is the same without. */
export interface Paint {
  readonly tone: (tone: Tone, text: string) => string
  readonly heading: (text: string) => string
  readonly error: (text: string) => string
  readonly hint: (text: string) => string
}

const same = (text: string): string => text

export const plain: Paint = { tone: (_, text) => text, heading: same, error: same, hint: same }

/** Loaded only where something is painted. */
export const loadPaint = async (): Promise<Paint> => {
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  return {
    tone: (tone, text) => (tone === 'good' ? chalk.green(text) : chalk.yellow(text)),
    heading: (text) => chalk.bold(text),
    error: (text) => chalk.red(text),
    hint: (text) => chalk.cyan(text),
  }
}

/** NO_COLOR (https://no-color.org): any value that is not empty switches colour off. */
export const wantsColour = (
  choice: ColourChoice,
  terminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (choice !== 'auto') return choice === 'always'
  return terminal && !environment.NO_COLOR && environment.TERM !== 'dumb'
}
