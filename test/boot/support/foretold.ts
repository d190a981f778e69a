import { checkSchema } from '../../../src/output/schemas/desired-schema.ts'
import { parseExact } from '../../helpers/json.ts'

/** A setting of the machine by its name: `persistent 2097152`, `shm-group`. */
type Settings = Readonly<Record<string, number>>

const nameOf = (attribute: string | undefined, pageSize: bigint | undefined): string =>
  [attribute, pageSize].filter((each) => each !== undefined).join(' ')

/** What `check` says of the next start. */
interface Foretold {
  /** Who sets what, in the order of a start: `before sysctl persistent 2097152 = 7: false`. */
  readonly writers: readonly string[]
  /** What a setting is to be once the machine is up. */
  readonly values: Settings
}

/** Reads a document of `check`. What nobody else wins is as the configuration wants it. */
export const foretold = (text: string, wanted: Settings): Foretold => {
  const { writers = [] } = checkSchema.parse(parseExact(text))
  const winners = writers
    .filter(({ wins }) => wins)
    .map(({ attribute, pageSize, value }) => [nameOf(attribute, pageSize), Number(value)])
  return {
    writers: writers.map(
      ({ when, source, attribute, pageSize, value, wins }) =>
        `${when} ${source} ${nameOf(attribute, pageSize)} = ${value}: ${wins}`,
    ),
    values: { ...wanted, ...Object.fromEntries(winners) },
  }
}

/** A command of sh that says in lines what `foundSettings` reads. */
export const settingsScript = `for file in /sys/kernel/mm/hugepages/*/nr_hugepages \\
  /sys/kernel/mm/hugepages/*/nr_overcommit_hugepages /proc/sys/vm/hugetlb_shm_group; do
    echo $file $(cat $file)
  done`

/** The settings of a machine that runs. */
export const foundSettings = (text: string): Settings =>
  Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [path = '', value] = line.split(' ')
        const kilobytes = /hugepages-(\d+)kB/.exec(path)?.[1]
        if (kilobytes === undefined) return ['shm-group', Number(value)]
        const attribute = path.endsWith('/nr_hugepages') ? 'persistent' : 'overcommit'
        return [nameOf(attribute, BigInt(kilobytes) * 1024n), Number(value)]
      }),
  )
