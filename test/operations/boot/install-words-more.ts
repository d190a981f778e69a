import t, { type Test } from 'tap'
import { planInstall } from '../../../src/model/boot/loaders/install-plan.ts'
import { planRemoval } from '../../../src/model/boot/loaders/removal-plan.ts'
import { carryOutLoader } from '../../../src/operations/boot/carry-out-loader.ts'
import { installWords } from '../../../src/operations/boot/install-words.ts'
import {
  loaderStateOf,
  lookAtLoader,
  recordedLoader,
} from '../../../src/operations/boot/look-at-loader.ts'
import { removeWords } from '../../../src/operations/boot/remove-words.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { beforeCalls } from '../../helpers/changing-calls.ts'
import { answering } from '../../helpers/failing-files.ts'
import { loaderMachines, loaderStage } from '../../helpers/loader-stage.ts'

t.setTimeout(120_000)

const first = 'default_hugepagesz=1G hugepagesz=1G hugepages=0:2,1:2 hugepagesz=2M hugepages=512'
const second = 'hugepagesz=1G hugepages=0:1'
const usual = { replace: false, dryRun: false }

const stepsOf = async (ports: Ports, sequence: string, replace: boolean) => {
  const found = await lookAtLoader(ports)
  if (found.row.kind === 'print') throw new Error('nothing is installed there')
  return planInstall(loaderStateOf(found, found.row), { sequence, replace })
}

const removalOf = async (ports: Ports) => {
  const found = await lookAtLoader(ports)
  if (found.record === undefined) throw new Error('there is no record')
  return planRemoval(loaderStateOf(found, recordedLoader(found.record)), false)
}

for (const [name, { files, foreign, cannotTakeOver }] of Object.entries(loaderMachines)) {
  t.test(`${name}: stopped after any step, both ways lead out`, async (t) => {
    const stage = loaderStage(t, files)
    const before = stage.texts()
    const steps = await stepsOf(stage.ports, first, false)
    t.ok(steps.length >= 3)
    for (const count of steps.keys()) {
      const { ports, texts, copy } = stage.copy()
      await carryOutLoader(ports, steps.slice(0, count))
      const other = copy()
      const done = await installWords(ports, { ...usual, sequence: first })
      t.strictSame([done.outcome, done.next?.words], ['done', first], `installed after ${count}`)
      await removeWords(ports, usual)
      t.strictSame(texts(), before, `removed after ${count} and an installation`)
      await removeWords(other.ports, usual)
      t.strictSame(other.texts(), before, `removed after ${count}`)
    }
  })

  t.test(`${name}: a change to other words that is stopped after any step`, async (t) => {
    const stage = loaderStage(t, files)
    const before = stage.texts()
    await installWords(stage.ports, { ...usual, sequence: first })
    const steps = await stepsOf(stage.ports, second, false)
    for (const count of steps.keys()) {
      const { ports, texts } = stage.copy()
      await carryOutLoader(ports, steps.slice(0, count))
      const back = await installWords(ports, { ...usual, sequence: first })
      t.equal(back.next?.words, first, `the first words after ${count}`)
      const onwards = await installWords(ports, { ...usual, sequence: second })
      t.equal(onwards.next?.words, second, `the second words after ${count}`)
      await removeWords(ports, usual)
      t.strictSame(texts(), before, `removed after ${count}`)
    }
  })

  t.test(`${name}: a removal that is stopped after any step`, async (t) => {
    const stage = loaderStage(t, files)
    const before = stage.texts()
    await installWords(stage.ports, { ...usual, sequence: first })
    const steps = await removalOf(stage.ports)
    for (const count of steps.keys()) {
      const { ports, texts, copy } = stage.copy()
      await carryOutLoader(ports, steps.slice(0, count))
      const other = copy()
      await removeWords(ports, usual)
      t.strictSame(texts(), before, `removed after ${count}`)
      const done = await installWords(other.ports, { ...usual, sequence: second })
      t.equal(done.next?.words, second, `installed after ${count}`)
      await removeWords(other.ports, usual)
      t.strictSame(other.texts(), before, `installed and removed after ${count}`)
    }
  })

  if (cannotTakeOver) continue
  t.test(`${name}: taking over is stopped after any step`, async (t) => {
    const stage = loaderStage(t, { ...files, ...foreign })
    const before = stage.texts()
    const steps = await stepsOf(stage.ports, first, true)
    for (const count of [...steps.keys()].slice(1)) {
      const { ports, texts } = stage.copy()
      await carryOutLoader(ports, steps.slice(0, count))
      const done = await installWords(ports, { ...usual, sequence: first })
      t.strictSame([done.outcome, done.next?.words], ['done', first], `after ${count}`)
      await removeWords(ports, usual)
      t.strictSame(texts(), before, `given back after ${count}`)
    }
  })
}

type Stage = ReturnType<typeof loaderStage>

/** What a process leaves that is killed ahead of any call that changes a file. */
const momentsOf = async (t: Test, stage: Stage, act: () => Promise<unknown>) => {
  const moments: Stage[] = []
  await t.test('one run', async (one) => {
    beforeCalls(one, () => moments.push(stage.copy()))
    await act()
  })
  return moments
}

for (const name of ['debian-grub', 'raspberry-pi'])
  t.test(`${name}: killed at any moment, nothing unfinished is left in the end`, async (t) => {
    const stage = loaderStage(t, loaderMachines[name]?.files ?? {})
    const before = stage.texts()
    const installing = await momentsOf(t, stage, () =>
      installWords(stage.ports, { ...usual, sequence: first }),
    )
    const removing = await momentsOf(t, stage, () => removeWords(stage.ports, usual))
    t.ok(installing.length > 8 && removing.length > 4)
    for (const [at, { ports, texts, copy }] of [...installing, ...removing].entries()) {
      const other = copy()
      await removeWords(ports, usual)
      if (at > 1 && at < installing.length) t.strictSame(texts(), before, `removed after ${at}`)
      const done = await installWords(other.ports, { ...usual, sequence: second })
      t.equal(done.next?.words, second, `installed after ${at}`)
      await removeWords(other.ports, usual)
      t.strictSame(other.texts(), before, `installed and removed after ${at}`)
    }
  })

t.test('a partition of Proxmox that is mounted is read back', async (t) => {
  const machine = loaderMachines.proxmox?.files ?? {}
  const entry = '/boot/efi/loader/entries/proxmox-6.8.4-2-pve.conf'
  const { ports } = loaderStage(t, {
    ...machine,
    [entry]: 'version 6.8.4-2-pve\noptions root=/dev/sda1\n',
  })
  const sequence = 'hugepagesz=2M hugepages=8'
  const { outcome, notes } = await installWords(ports, { sequence, replace: false, dryRun: false })
  t.strictSame(
    [outcome, notes.slice(1)],
    [
      'partial',
      [
        `${entry}: the next boot has no words about HugeTLB`,
        'the next boot does not give the pages of these words',
      ],
    ],
  )
})

t.test("what stands behind the first line of cmdline.txt is nobody's words", async (t) => {
  const path = '/boot/firmware/cmdline.txt'
  const before = 'console=tty1 root=a\nold: hugepages=9\n'
  const { ports, text, texts } = loaderStage(t, { '/boot/firmware/config.txt': '', [path]: before })
  const start = texts()
  const sequence = 'hugepagesz=2M hugepages=8'
  const done = await installWords(ports, { sequence, replace: false, dryRun: false })
  t.strictSame([done.outcome, done.next?.words], ['done', sequence])
  t.equal(text(path), `console=tty1 root=a ${sequence}\nold: hugepages=9\n`)
  t.equal((await removeWords(ports, { replace: false, dryRun: false })).outcome, 'done')
  t.strictSame(texts(), start)
})

t.test('a dry run needs no right to write, and tells that the real run does', async (t) => {
  const { files = {} } = loaderMachines['debian-grub'] ?? {}
  const { ports } = loaderStage(t, files)
  const request = { ...usual, sequence: first }
  answering(t, /./, 'EACCES', ['accessSync'])
  const { kind, outcome, denied } = await installWords(ports, { ...request, dryRun: true })
  t.strictSame([kind, outcome, denied?.code], ['dry-run', 'done', 'E_PERMISSION'])
  await t.rejects(installWords(ports, request), { code: 'E_PERMISSION' })
})
