import type { BarPart } from '../model/bar.ts'
import type { Tone } from './columns.ts'

export type ColourChoice = 'auto' | 'always' | 'never'

/** Colours the text of one stream. The text says the same without colour. */
export interface Paint {
  readonly tone: (tone: Tone, text: string) => string
  readonly part: (part: BarPart, text: string) => string
  readonly heading: (text: string) => string
  readonly error: (text: string) => string
}

const same = (text: string): string => text

export const plain: Paint = {
  tone: (_, text) => text,
  part: (_, text) => text,
  heading: same,
  error: same,
}

/**
 * The colours of the parts of a bar, whose glyphs differ without colour too. These colours can be
 * seen as blocks on a light and on a dark ground. A free part has the colour of the text, because
 * its glyph shows too little of any other.
 */
const partColours: Partial<Readonly<Record<BarPart, 'blueBright' | 'green' | 'magenta'>>> = {
  inUse: 'blueBright',
  reserved: 'green',
  surplus: 'magenta',
  used: 'blueBright',
  guaranteed: 'green',
}

/**
 * Loads chalk. This is called only where something is coloured. Bold red is the one colour of text,
 * because nobody tells a program the background: yellow, green and cyan can hardly be read on
 * white, nor blue on black.
 */
export const loadPaint = async (): Promise<Paint> => {
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  const wrong = (text: string): string => chalk.bold.red(text)
  return {
    tone: (_, text) => wrong(text),
    part: (part, text) => {
      const colour = partColours[part]
      return colour === undefined ? text : chalk[colour](text)
    },
    heading: (text) => chalk.bold(text),
    error: wrong,
  }
}

/**
 * Decides whether a stream gets colour. By https://no-color.org any value of NO_COLOR that is not
 * empty switches colour off.
 */
export const wantsColour = (
  choice: ColourChoice,
  terminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (choice !== 'auto') return choice === 'always'
  return terminal && !environment.NO_COLOR && environment.TERM !== 'dumb'
}
