import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installWords } from '../../../src/operations/boot/install-words.ts'
import { removeWords } from '../../../src/operations/boot/remove-words.ts'
import { loaderMachines, loaderStage } from '../../helpers/loader-stage.ts'

const sequence = 'hugepagesz=2M hugepages=8'
const usual = { replace: false, dryRun: false }
const own = '/etc/default/grub.d/99-hugepool.cfg'
const installed = async (t: Parameters<typeof loaderStage>[0], name = 'debian-grub') => {
  const stage = loaderStage(t, loaderMachines[name]?.files ?? {})
  const before = stage.texts()
  await installWords(stage.ports, { ...usual, sequence })
  return { ...stage, before }
}

t.test('nothing was installed', async (t) => {
  const { ports, texts } = loaderStage(t, loaderMachines['debian-grub']?.files ?? {})
  const before = texts()
  const nothing = {
    kind: 'change',
    outcome: 'unchanged',
    loader: { name: 'debian-grub', title: 'GRUB of Debian (/etc/default/grub.d)' },
    sequence: '',
    lines: [],
    notes: ['boot loader: GRUB of Debian (/etc/default/grub.d)', 'hugepool has installed no words'],
    hints: [],
  }
  t.strictSame(await removeWords(ports, usual), nothing)
  t.strictSame(await removeWords(ports, { ...usual, dryRun: true }), {
    ...nothing,
    kind: 'dry-run',
  })
  t.strictSame(texts(), before)
})

t.test('what is said of a removal, and of a dry run', async (t) => {
  const { ports, texts, before } = await installed(t)
  const then = texts()
  const { kind, lines } = await removeWords(ports, { ...usual, dryRun: true })
  t.equal(kind, 'dry-run')
  t.strictSame(lines.slice(-3), [`rm ${own}`, 'update-grub', 'rm /var/lib/hugepool/boot.json'])
  t.strictSame(texts(), then)
  const { outcome, notes, hints, next } = await removeWords(ports, usual)
  t.strictSame([outcome, next?.words], ['done', ''])
  t.strictSame(notes, [
    'boot loader: GRUB of Debian (/etc/default/grub.d)',
    '/boot/grub/grub.cfg: the next boot has no words about HugeTLB',
  ])
  t.strictSame(hints, ['it takes a reboot: nothing is changed until then'])
  t.strictSame(texts(), before)
})

t.test('a file of hugepool that others have changed', async (t) => {
  const { ports, texts, root, before } = await installed(t)
  appendFileSync(join(root, own), 'X=1\n')
  const then = texts()
  await t.rejects(removeWords(ports, usual), { code: 'E_REFUSED', reason: 'not-ours' })
  t.strictSame(texts(), then)
  t.equal((await removeWords(ports, { ...usual, replace: true })).outcome, 'done')
  t.strictSame(texts(), before)
})

t.test('a file that is gone already', async (t) => {
  const { ports, texts, root, before } = await installed(t)
  rmSync(join(root, own))
  t.equal((await removeWords(ports, usual)).outcome, 'done')
  t.strictSame(texts(), before)
})

t.test('words that are still booted afterwards', async (t) => {
  const { ports } = await installed(t)
  const dull = { ...ports, run: async () => ({ status: 0, stdout: '', stderr: '' }) }
  t.equal((await removeWords(dull, usual)).outcome, 'partial')
})

t.test('the loader of the record, also where another one is found now', async (t) => {
  const { ports, texts, root, before } = await installed(t)
  rmSync(join(root, 'usr/sbin/grub-mkconfig'))
  const { loader, outcome } = await removeWords(ports, usual)
  t.strictSame([loader.name, outcome], ['debian-grub', 'done'])
  const { 'usr/sbin/grub-mkconfig': _, ...rest } = before
  t.strictSame(texts(), rest)
})
