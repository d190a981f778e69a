import { parseArgs } from 'node:util'

export interface Typed {
  readonly help: boolean
  /** Print those that were noticed too. */
  readonly all: boolean
  readonly count: number
  readonly seed: number
  /** The score in percent below which a run fails. */
  readonly least: number
  /** Days, or a revision. */
  readonly since?: string
  readonly files: readonly string[]
}

export const usage = `npm run test:mutation -- [OPTION...] [FILE...]
Changes src/model, src/kernel and src/operations in small ways, or only the files that are named, and
runs the tests that mirror them. A mutation that no test notices is printed.
  --count N      mutations that are tried (260)
  --seed N       chooses other ones (1)
  --least N      percent that have to be noticed (90)
  --since N      only files that the commits of the N days before the last one changed
  --since REV    only files that differ from a revision
  --all          prints the mutations that are noticed as well
`

const whole = (name: string, value: string): number => {
  if (!/^\d{1,6}$/.test(value)) throw new Error(`--${name} '${value}': a whole number is needed`)
  return Number(value)
}

export const parseTyped = (words: readonly string[]): Typed => {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      all: { type: 'boolean', default: false },
      count: { type: 'string', default: '260' },
      seed: { type: 'string', default: '1' },
      least: { type: 'string', default: '90' },
      since: { type: 'string' },
    },
  })
  const { help, all, since } = values
  return {
    help,
    all,
    count: whole('count', values.count),
    seed: whole('seed', values.seed),
    least: whole('least', values.least),
    files: positionals,
    ...(since !== undefined && { since }),
  }
}
