import t, { type Test } from 'tap'
import { loadAllCommands } from '../../src/cli/commands.ts'
import type { Result } from '../helpers/caught.ts'
import { hugeDirectory } from '../helpers/huge-directory.ts'
import { lastingStage } from '../helpers/lasting-stage.ts'
import { pageText } from '../helpers/manual-pages.ts'
import { mountedOn, onCopies, onKernel, onRecording } from '../helpers/manual-stages.ts'
import { serviceMachine } from '../helpers/service-machine.ts'
import { tunedStage } from '../helpers/tuned-stage.ts'

const commands = await loadAllCommands()

// What hugepool(8) says of the forms of output holds for the table of every command, with a blank in
// every name that can have one.

type Run = (t: Test, words: readonly string[]) => Promise<Result>

const onMounts: Run = (t, words) =>
  onRecording(t, words, { mounts: [mountedOn('/mnt/two\\040words')] })
const mounted: Run = (t, words) => onRecording(t, words, { mounts: [mountedOn('/mnt/huge')] })
const withUse: Run = (_, words) =>
  onKernel(words, { prepare: (kernel) => kernel.map(2n ** 21n, 3n).touch(2n) })

const configured = (t: Test) => lastingStage(t, { '/etc/hugepool.toml': '[pools.2M]\npages = 8\n' })

const table: Readonly<Record<string, readonly [line: string, run: Run]>> = {
  list: ['list --per-node', withUse],
  resize: ['resize 2M=8500 1G=+0', withUse],
  overcommit: ['overcommit 2M=9', withUse],
  demote: ['demote 1G=1', withUse],
  mounts: ['mounts', onMounts],
  mount: ['mount /mnt/huge', mounted],
  umount: ['umount /mnt/huge', mounted],
  cp: ['cp model.bin /mnt/huge', (t, words) => onCopies(t, words)],
  test: ['test 2M=4', withUse],
  who: ['who', withUse],
  watch: ['watch -N --count 1', withUse],
  files: ['files', (t, words) => hugeDirectory(t, ['two words']).run(words.join(' '))],
  doctor: ['doctor 2M=4', withUse],
  apply: ['apply', (t, words) => configured(t).hugepool(words.join(' '))],
  check: ['check', (t, words) => configured(t).hugepool(words.join(' '))],
  boot: ['boot --line hugepages=x', withUse],
  service: ['service install', (t, words) => serviceMachine(t).hugepool(words.join(' '))],
  tune: ['tune', (t, words) => tunedStage(t).run(words)],
}

const run = async (t: Test, [line, how]: readonly [string, Run], ...options: string[]) => {
  const { status, stdout, stderr } = await how(t, [...line.split(' '), ...options])
  t.equal(status, 0, `${line} ${options.join(' ')}: ${stderr}`)
  // What may stand below, behind an empty line, is another table.
  const [first = ''] = stdout.trimEnd().split('\n\n')
  return { rows: first.split('\n'), stderr }
}

t.test('every command with columns is in the table', async (t) => {
  const withColumns = commands.filter(({ columns }) => columns.length > 0)
  t.strictSame(
    Object.keys(table),
    withColumns.map(({ name }) => name),
  )
})

/** The columns that say whether something is so. */
const marks = commands.flatMap(({ columns }) =>
  columns.flatMap(({ name, help }) => (help.startsWith('whether ') ? [name] : [])),
)

t.test('the manual names the columns that are yes or no', async (t) => {
  const names = [...new Set(marks)].sort()
  const sentence = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  t.match(pageText('hugepool.8'), `The columns ${sentence} are\n.Ql yes\nor\n.Ql no\nhere`)
})

for (const [name, row] of Object.entries(table))
  t.test(name, async (t) => {
    t.test('raw has a field for every heading, and none is empty', async (t) => {
      const { rows } = await run(t, row, '--raw', '--output-all')
      const [headings = '', ...lines] = rows
      const expected = headings.split(' ').length
      t.ok(lines.length > 0, 'there are rows')
      for (const line of lines) {
        const fields = line.split(' ')
        t.equal(fields.length, expected, line)
        t.notOk(fields.includes(''), line)
      }
      const marked = headings.split(' ').flatMap((heading, at) => {
        const words = lines.map((line) => line.split(' ')[at])
        return marks.includes(heading) ? words : []
      })
      for (const word of marked) t.match(word, /^(?:yes|no|-)$/)
    })

    t.test('pairs have its name for every value', async (t) => {
      const { rows: raw } = await run(t, row, '--raw', '--output-all')
      const { rows: all } = await run(t, row, '--pairs', '--output-all')
      const rows = all.slice(0, raw.length - 1)
      const keys = (raw[0] ?? '').replaceAll('-', '_').replaceAll(/\b(UID|GID)\b/g, 'COLUMN_$1')
      for (const line of rows) {
        t.match(line, /^[A-Z_]+="[^"]*"(?: [A-Z_]+="[^"]*")*$/)
        t.equal([...line.matchAll(/(?:^| )([A-Z_]+)="/g)].map(([, key]) => key).join(' '), keys)
      }
    })

    t.test('a table has no empty cell', async (t) => {
      const { rows } = await run(t, row)
      for (const line of rows) t.notMatch(line, / $/, line)
    })

    t.test('--quiet leaves standard error empty', async (t) => {
      t.equal((await run(t, row, '--quiet')).stderr, '')
      for (const line of (await run(t, row)).stderr.split('\n').filter(Boolean))
        t.match(line, /^(?:hugepool: note|hint): /)
    })
  })
