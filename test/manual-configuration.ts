import t from 'tap'
import { readConfigFile } from '../src/model/config/config-file.ts'
import { configSchema } from '../src/model/config/config-schema.ts'
import { octets } from '../src/model/etc/octets.ts'
import { faultsIn } from './helpers/config.ts'
import { pageText } from './helpers/manual-pages.ts'

// The manual page of the configuration says what the schema says, and its examples are files.

const page = pageText('hugepool.toml.5')

/** The displays of the page, without the escapes of mdoc. */
const displays: readonly string[] = page
  .split('\n.Bd -literal\n')
  .slice(1)
  .map((rest) => (rest.split('\n.Ed\n')[0] ?? '').replaceAll('\\e', '\\'))

t.test('the examples are read without a fault', async (t) => {
  const files = displays.filter((text) => /^\[|^version/.test(text))
  t.equal(files.length, 3)
  for (const text of files)
    t.strictSame(
      faultsIn(() => readConfigFile(octets(text), 'page')),
      [],
    )
})

t.test('the error that is shown is what is said', async (t) => {
  const shown = displays.find((text) => text.startsWith('hugepool: ')) ?? ''
  const text = `${'\n'.repeat(5)}[pools.2M]\npages = "1x"\n`
  const [fault = ''] = faultsIn(() => readConfigFile(octets(text), '/etc/hugepool.toml'))
  t.equal(shown, `hugepool: ${fault.replace(' | ', '\nhint: ')}`)
})

/** The keys that a subsection of the page explains. */
const keysUnder = (heading: string): readonly string[] => {
  const [, rest = ''] = page.split(`\n.Ss ${heading}\n`)
  const [text = ''] = rest.split(/\n\.S[sh] /)
  return text
    .split('\n')
    .flatMap((line) => (/^\.It Cm (.*)$/.exec(line)?.[1] ?? '').split(' , '))
    .filter(Boolean)
}

t.test('every key of every table is explained, and no other', async (t) => {
  const { shape } = configSchema
  const keys = (table: unknown) => Object.keys((table as { shape: object }).shape).sort()
  const valuesOf = (table: { unwrap: () => { valueType: unknown } }) => table.unwrap().valueType
  const tables = {
    '[pools.SIZE]': keys(valuesOf(shape.pools)),
    '[mounts.\\(dq/PATH\\(dq]': keys(valuesOf(shape.mounts)),
    '[boot]': keys(shape.boot.unwrap()),
    '[tune]': keys(shape.tune.unwrap()),
    '[when]': keys(shape.when.unwrap()),
    'Top level': ['leave', 'version'],
  }
  for (const [heading, known] of Object.entries(tables))
    t.strictSame([...keysUnder(heading)].sort(), known, heading)
})
