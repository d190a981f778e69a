import type { Bytes } from '../words/bytes.ts'

/** What the configuration of a database asks for in huge pages. */
export interface DatabaseDemand {
  readonly file: string
  /** The setting that asks for them. */
  readonly asked: string
  /** At least so much: what is beside its largest buffer is not counted. */
  readonly bytes: Bytes
  /** Whether it does not start, or complains, without them. */
  readonly insists: boolean
}

type Demand = Omit<DatabaseDemand, 'file'>

const factors: Readonly<Record<string, Bytes>> = {
  K: 1024n,
  M: 1024n ** 2n,
  G: 1024n ** 3n,
  T: 1024n ** 4n,
}

/** A number with a unit, of which the first letter counts; one without is in `unit` bytes. */
const amountOf = (text: string, unit: Bytes): Bytes | undefined => {
  const [, number, letter = ''] = /^(\d+)\s*(?:([kmgt])B?)?$/i.exec(text) ?? []
  const factor = letter === '' ? unit : factors[letter.toUpperCase()]
  return number === undefined || factor === undefined ? undefined : BigInt(number) * factor
}

/** The last value of a setting in lines such as `name = 'value' # comment`. */
const settingIn = (text: string, name: RegExp): string | undefined =>
  [
    ...text.matchAll(
      new RegExp(`^[ \\t]*(?:${name.source})[ \\t]*(?:=|[ \\t])[ \\t]*'?([^'#\\n]*)`, 'gim'),
    ),
  ]
    .at(-1)?.[1]
    ?.trim()

const usualShared: Bytes = 128n * 1024n ** 2n

/** A block of PostgreSQL, in which a shared_buffers without unit counts. */
const block: Bytes = 8192n

/** What a postgresql.conf asks for; `try` is the default, and counts only where it was written. */
export const postgresDemand = (text: string): Demand | undefined => {
  const setting = settingIn(text, /huge_pages/)?.toLowerCase()
  if (setting !== 'on' && setting !== 'try') return undefined
  const shared = amountOf(settingIn(text, /shared_buffers/) ?? '', block)
  return { asked: `huge_pages=${setting}`, bytes: shared ?? usualShared, insists: setting === 'on' }
}

/** What the files of a MySQL or MariaDB ask for together. */
export const mysqlDemand = (text: string): Demand | undefined => {
  const asks = [
    ...text.matchAll(
      /^[ \t]*(?:loose[-_])?large[-_]pages[ \t]*(?:=[ \t]*(\w+)[ \t]*)?(?:#.*)?$/gim,
    ),
  ].at(-1)
  if (asks === undefined || !/^(?:1|on|true)$/i.test(asks[1] ?? '1')) return undefined
  const pool = amountOf(settingIn(text, /innodb[-_]buffer[-_]pool[-_]size/) ?? '', 1n)
  return { asked: 'large-pages', bytes: pool ?? usualShared, insists: true }
}
