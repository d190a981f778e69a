import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { destination, importsOf } from './helpers/imports.ts'

/** The wings of every floor, in their order: design.md section 5. */
const wings = [
  'words',
  'etc',
  'pools',
  'boot',
  'mounts',
  'processes',
  'mapping',
  'config',
  'doctor',
  'telemetry',
]

/** Folders that hold what all wings of their floor share, or that collect from all of them. */
const shared: Readonly<Record<string, readonly string[]>> = {
  cli: ['commands', 'completion', 'options', 'views'],
  kernel: ['native'],
  output: ['schemas'],
}

const source = join(import.meta.dirname, '../src')

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

/** The wings that a text names one after the other, between commas alone. */
const namedRow = (text: string): readonly string[] =>
  (/`words`(?:,\s+`\w+`)+/.exec(text)?.[0] ?? '')
    .split(/,\s+/)
    .map((name) => name.replaceAll('`', ''))

t.test('CONTRIBUTING.md names the wings in their order', async (t) => {
  const text = readFileSync(join(import.meta.dirname, '../CONTRIBUTING.md'), 'utf8')
  t.strictSame(namedRow(text), wings)
  t.strictSame(namedRow('in order: `words`,\n`etc`, and later `pools`.'), ['words', 'etc'])
})

/** The place of a file's wing in their order, -1 for what stands in none. */
const wingOf = (file: string): number => wings.indexOf(file.split('/')[1] ?? '')

/** An import that leads from a wing to one that stands after it, in either floor. */
const isBackwards = (from: string, to: string): boolean =>
  wingOf(from) >= 0 && wingOf(to) > wingOf(from)

/** What stands at the root of a floor is the ground of its wings and knows none of them. */
const leavesRoot = (from: string, to: string): boolean => {
  const [floor = '', ...rest] = from.split('/')
  return floor !== 'cli' && rest.length === 1 && to.startsWith(`${floor}/`) && wingOf(to) >= 0
}

const arrows = files.flatMap((file) =>
  importsOf(readFileSync(join(source, file), 'utf8')).map((specifier) => ({
    from: file,
    to: destination(file, specifier),
  })),
)

t.test('a wing uses itself and those before it', async (t) => {
  t.ok(arrows.filter(({ from, to }) => wingOf(from) >= 0 && wingOf(to) >= 0).length > 200)
  t.strictSame(
    arrows.filter(({ from, to }) => isBackwards(from, to)),
    [],
  )
})

t.test('the root of a floor does not know its wings', async (t) => {
  t.strictSame(
    arrows.filter(({ from, to }) => leavesRoot(from, to)),
    [],
  )
})

t.test('every folder of a floor is a wing, or is known to serve all', async (t) => {
  const folders = new Set(
    files.flatMap((file) => (file.split('/').length > 2 ? file.split('/', 2).join('/') : [])),
  )
  const unknown = [...folders].filter((folder) => {
    const [floor = '', name = ''] = folder.split('/')
    return !wings.includes(name) && !shared[floor]?.includes(name)
  })
  t.strictSame(unknown, [])
})

t.test('no two files of the house have the same name', async (t) => {
  const names = files.map((file) => basename(file))
  t.strictSame(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  )
})

t.test('the rule notices an import that runs the wrong way', async (t) => {
  t.ok(isBackwards('kernel/etc/a.ts', 'model/mounts/b.ts'))
  t.notOk(isBackwards('kernel/mounts/a.ts', 'model/etc/b.ts'))
  t.notOk(isBackwards('kernel/mounts/a.ts', 'kernel/tree.ts'))
  t.ok(leavesRoot('output/render.ts', 'output/mounts/mount-rows.ts'))
  t.notOk(leavesRoot('cli/commands.ts', 'cli/commands/list.ts'))
})
