import { parseArgs } from 'node:util'

export interface Typed {
  readonly count: number
  readonly seed: number
  readonly least: number
  readonly files: readonly string[]
  readonly since?: string
}

export const usage = `npm run test:mutation -- [--count N] [--seed N] [--least PERCENT] [--since DAYS|REVISION] [FILE...]
  --count N      mutations that are tried (260)
  --seed N       chooses other ones (1)
  --least N      percent of them that the tests have to notice (90)
  --since DAYS   only files that commits of so many days before the last one changed, or that
                 changed after a revision
  FILE           only these files below src
`

const whole = (name: string, value: string): number => {
  if (!/^\d{1,6}$/.test(value)) throw new Error(`--${name} ${value}: a whole number is needed`)
  return Number(value)
}

export const parseTyped = (words: readonly string[]): Typed => {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '260' },
      seed: { type: 'string', default: '1' },
      least: { type: 'string', default: '90' },
      since: { type: 'string' },
    },
  })
  return {
    count: whole('count', values.count),
    seed: whole('seed', values.seed),
    least: whole('least', values.least),
    files: positionals,
    ...(values.since !== undefined && { since: values.since }),
  }
}
