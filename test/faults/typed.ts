import { parseArgs } from 'node:util'
import { scenes } from './scenes.ts'

export const usage = `npm run test:faults -- [--every] [--seed N] [--count N] [COMMAND...]
--every     every call, not four of those that are alike (hours)
--count N   as many runs, drawn by the seed; without it all of them
--seed N    another sample (1)
commands:   ${[...new Set(scenes.map(({ words }) => words[0]))].join(' ')}
scenes:     ${scenes.map(({ name }) => name).join(' ')}
`

/** What was asked for. */
export interface Typed {
  readonly names: readonly string[]
  readonly count: number | undefined
  readonly seed: number
  readonly every: boolean
  readonly help: boolean
}

const numberOf = (name: string, text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} ${text}: a number is expected\n${usage}`)
  return Number(text)
}

/** Reads the words of the command line. Throws where one means nothing. */
export const parseTyped = (words: readonly string[]): Typed => {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      count: { type: 'string' },
      seed: { type: 'string' },
      every: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const known = scenes.flatMap(({ name, words: [command = ''] }) => [name, command])
  for (const name of positionals)
    if (!known.includes(name)) throw new Error(`${name}: no such command here\n${usage}`)
  return {
    names: positionals,
    count: values.count === undefined ? undefined : numberOf('count', values.count),
    seed: numberOf('seed', values.seed ?? '1'),
    every: values.every ?? false,
    help: values.help ?? false,
  }
}
