import t from 'tap'
import { installWords } from '../../../src/operations/boot/install-words.ts'
import { removeWords } from '../../../src/operations/boot/remove-words.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { loaderMachines, loaderStage } from '../../helpers/loader-stage.ts'

const first = 'default_hugepagesz=1G hugepagesz=1G hugepages=0:2,1:2 hugepagesz=2M hugepages=512'
const second = 'hugepagesz=1G hugepages=0:1'
const usual = { replace: false, dryRun: false }

const nextWords = async (ports: Ports): Promise<string | undefined> =>
  (await installWords(ports, { ...usual, sequence: first, dryRun: true })).outcome === 'unchanged'
    ? first
    : undefined

for (const [name, { title, files, file, runs }] of Object.entries(loaderMachines)) {
  t.test(`${name}, with stand-ins: installed, once more, changed, and removed`, async (t) => {
    const { ports, texts, ran } = loaderStage(t, files)
    const before = texts()
    const done = await installWords(ports, { ...usual, sequence: first })
    t.strictSame(
      [done.kind, done.outcome, done.loader, done.next?.words],
      ['change', 'done', { name, title }, first],
    )
    t.equal(done.notes[0], `boot loader: ${title}`)
    t.strictSame(
      ran.map((line) => line.split(' ')[0]),
      runs,
    )
    const after = texts()
    if (file !== undefined) t.ok(after[file.slice(1)]?.includes(first), file)
    const again = await installWords(ports, { ...usual, sequence: first })
    t.strictSame([again.outcome, ran.length], ['unchanged', runs.length])
    t.strictSame(texts(), after)
    const changed = await installWords(ports, { ...usual, sequence: second })
    t.strictSame([changed.outcome, changed.next?.words], ['done', second])
    const removed = await removeWords(ports, usual)
    t.strictSame([removed.outcome, removed.next?.words], ['done', ''])
    t.strictSame(texts(), before)
    t.equal((await removeWords(ports, usual)).outcome, 'unchanged')
  })

  t.test(`${name}: a dry run writes nothing, and shows every step`, async (t) => {
    const { ports, texts, ran } = loaderStage(t, files)
    const before = texts()
    const { kind, outcome, lines } = await installWords(ports, {
      ...usual,
      sequence: first,
      dryRun: true,
    })
    t.strictSame([kind, outcome, ran], ['dry-run', 'done', []])
    t.strictSame(texts(), before)
    await installWords(ports, { ...usual, sequence: first })
    for (const command of ran)
      t.ok(
        lines.some((line) => line.replaceAll("'", '') === command),
        command,
      )
    t.equal((await removeWords(ports, { ...usual, dryRun: true })).kind, 'dry-run')
    t.equal(await nextWords(ports), first)
  })
}

for (const [name, { files, foreign, cannotTakeOver }] of Object.entries(loaderMachines))
  t.test(`${name}: words of others are refused, or taken over and given back`, async (t) => {
    const stage = loaderStage(t, { ...files, ...foreign })
    const before = stage.texts()
    await t.rejects(installWords(stage.ports, { ...usual, sequence: first }), {
      code: 'E_REFUSED',
      reason: 'not-ours',
      message: /has words that hugepool did not install: hugepagesz=2M hugepages=9$/,
    })
    t.strictSame(stage.texts(), before)
    const taking = { ...usual, sequence: first, replace: true }
    if (cannotTakeOver) {
      const hint = /^remove them there: /
      await t.rejects(installWords(stage.ports, taking), { message: /hugepages=9$/, hint })
      return
    }
    const done = await installWords(stage.ports, taking)
    t.strictSame([done.outcome, done.next?.words], ['done', first])
    t.equal((await installWords(stage.ports, { ...usual, sequence: first })).outcome, 'unchanged')
    await removeWords(stage.ports, usual)
    t.strictSame(stage.texts(), before)
  })

t.test('a line that a kernel would cut off is refused', async (t) => {
  const { files = {} } = loaderMachines['raspberry-pi'] ?? {}
  const path = '/boot/firmware/cmdline.txt'
  const after = async (length: number, words = '') => {
    const { ports } = loaderStage(t, { ...files, [path]: `${'x'.repeat(length)}${words}` })
    return installWords(ports, { ...usual, sequence: 'hugepages=3', dryRun: true, replace: true })
  }
  t.equal((await after(2047 - 'hugepages=3'.length - 1)).outcome, 'done')
  t.equal((await after(2047 - ' hugepages=9'.length, ' hugepages=9')).outcome, 'done')
  await t.rejects(after(2047 - 'hugepages=3'.length), {
    code: 'E_REFUSED',
    reason: 'limit',
    message: `${path}: with these words the line is too long for a kernel`,
  })
})

t.test('words that the next kernel will not use are told', async (t) => {
  const { files = {} } = loaderMachines['debian-grub'] ?? {}
  const { ports } = loaderStage(t, {
    ...files,
    '/proc/meminfo': 'MemTotal: 8388608 kB\nHugepagesize: 2048 kB\n',
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0\n',
  })
  const { notes } = await installWords(ports, { ...usual, sequence: 'hugepagesz=3M hugepages=1' })
  t.strictSame(notes.slice(2), [
    'hugepagesz=3M is ignored: HugeTLB: unsupported hugepagesz=3M',
    'hugepages=1 is ignored: HugeTLB: hugepages=1 does not follow a valid hugepagesz, ignoring',
  ])
})

t.test('a boot loader that is left to its administrator', async (t) => {
  const { ports, texts } = loaderStage(t, {})
  t.strictSame(await installWords(ports, { ...usual, sequence: second }), {
    kind: 'print',
    outcome: 'unchanged',
    loader: { name: 'unknown', title: 'unknown' },
    sequence: second,
    lines: [`at the end of the kernel's command line: ${second}`],
    notes: ['boot loader: unknown', 'hugepool does not change it: this is what to do'],
    hints: [],
  })
  t.strictSame(texts(), {})
})
