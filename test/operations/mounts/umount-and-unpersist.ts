import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { fstabLine } from '../../../src/model/mounts/persist/fstab.ts'
import { unitText } from '../../../src/model/mounts/persist/systemd-unit.ts'
import { errorSchema } from '../../../src/output/schemas/parts.ts'
import { umountDryRunSchema, umountSchema } from '../../../src/output/schemas/umount-schema.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { parseExact } from '../../helpers/json.ts'
import { dropIn, dropInHead } from '../../helpers/lasting-stage.ts'
import { huge, scratch } from '../../helpers/persist.ts'
import { filesBelow, run, treeCopy } from '../../helpers/run.ts'

const before = '/dev/vda1 / ext4 defaults 0 1\n'
const line = `${fstabLine(huge, false)}\n`
const unit = '/etc/systemd/system/mnt-huge.mount'
const mountLine = `99 28 0:70 / ${huge.target} rw - hugetlbfs none rw,pagesize=2M\n`

/** A machine whose fstab mounts a directory by hugepool; `answer` is what umount2 does. */
const machine = (t: Test, answer = () => {}) => {
  const root = treeCopy(t, 'two-nodes')
  const mountinfo = join(root, 'proc/self/mountinfo')
  const others = readFileSync(mountinfo, 'utf8')
  mkdirSync(join(root, huge.target), { recursive: true })
  appendFileSync(mountinfo, mountLine)
  scratch(root, { '/etc/fstab': before + line })
  const native = nativeWith({
    umount: () => {
      answer()
      writeFileSync(mountinfo, others)
    },
  })
  const hugepool = (words: string) => run(words.split(' '), { tree: directoryTree(root), native })
  return { root, hugepool, fstab: () => readFileSync(join(root, 'etc/fstab'), 'utf8') }
}

t.test('mount and line go', async (t) => {
  const { hugepool, fstab } = machine(t)
  const { status, stdout, stderr } = await hugepool('umount /mnt/huge --persist')
  t.equal(status, 0)
  t.match(stdout, /^TARGET .*\n\/mnt\/huge /)
  t.equal(
    stderr,
    'hugepool: note: /etc/fstab: the line that mounts /mnt/huge is gone; the file as it was is /etc/fstab.hugepool-backup\n',
  )
  t.equal(fstab(), before)
  t.hasStrict(await hugepool('umount /mnt/huge --persist'), { status: 4, stdout: '' })
})

t.test('a line of others stays where the configuration keeps the mount', async (t) => {
  const { root, hugepool, fstab } = machine(t)
  const foreign = `${before}none /mnt/huge hugetlbfs pagesize=2M 0 0\n`
  scratch(root, {
    '/etc/fstab': foreign,
    [dropIn]: `${dropInHead}\n[mounts."/mnt/huge"]\npage-size = "2M"\n`,
  })
  const { status, stderr } = await hugepool('umount /mnt/huge --persist')
  t.equal(status, 0, stderr)
  t.match(stderr, '/etc/fstab: line 2 mounts /mnt/huge too, and stays')
  t.equal(fstab(), foreign)
  t.equal(readFileSync(join(root, dropIn), 'utf8'), dropInHead, 'what hugepool wrote is gone')
})

t.test('without --persist it is told what mounts it again', async (t) => {
  const again =
    'hugepool: note: /etc/fstab: line 2 mounts /mnt/huge again at the next start\n' +
    'hint: remove that too: hugepool umount /mnt/huge --persist\n'
  const { hugepool } = machine(t)
  const dry = await hugepool('umount /mnt/huge --dry-run')
  t.strictSame([dry.status, dry.stderr], [0, again])
  const forecast = umountDryRunSchema.parse(
    parseExact((await hugepool('umount /mnt/huge --dry-run -J')).stdout),
  )
  const entries = [{ kind: 'fstab', path: '/etc/fstab', line: 2, own: true }]
  t.strictSame(forecast.mountedAgain, entries)
  t.equal((await hugepool('umount /mnt/huge --persist --dry-run')).stderr.includes('again'), false)
  t.equal((await hugepool('umount /mnt/huge --dry-run --quiet')).stderr, '')
  const { status, stdout, stderr } = await hugepool('umount /mnt/huge -J')
  t.strictSame([status, stderr], [0, again])
  t.strictSame(umountSchema.parse(parseExact(stdout)).mountedAgain, entries)
})

t.test('a line whose mount is gone already goes too', async (t) => {
  const { hugepool, fstab } = machine(t)
  t.equal((await hugepool('umount /mnt/huge')).status, 0)
  t.equal(fstab(), before + line, 'without --persist it stays')
  const { status, stdout, stderr } = await hugepool('umount /mnt/huge --persist')
  t.strictSame([status, stdout], [0, ''])
  t.match(
    stderr,
    'hugepool: note: /mnt/huge: nothing is mounted there\nhugepool: note: /etc/fstab: the line',
  )
  t.equal(fstab(), before)
})

t.test('the documents', async (t) => {
  const { hugepool, root } = machine(t)
  scratch(root, { [unit]: unitText(huge) })
  const first = await hugepool('umount /mnt/huge --persist --json')
  t.hasStrict(umountSchema.parse(parseExact(first.stdout)), {
    outcome: 'done',
    mounts: [{ target: huge.target }],
    persisted: [
      { kind: 'systemd', path: unit, outcome: 'done' },
      { kind: 'fstab', path: '/etc/fstab', outcome: 'done', backup: '/etc/fstab.hugepool-backup' },
    ],
  })
  t.match(first.stderr, `hugepool: note: ${unit}: is gone\n`)
  t.match(first.stderr, /^hint: 'systemctl daemon-reload' makes systemd read it\n$/m)
  scratch(root, { '/etc/fstab': before + line })
  const { stdout } = await hugepool('umount /mnt/huge --persist --json')
  const second = umountSchema.parse(parseExact(stdout))
  t.strictSame([second.mounts, second.persisted?.length], [[], 1])
  appendFileSync(join(root, 'proc/self/mountinfo'), mountLine)
  const third = umountSchema.parse(
    parseExact((await hugepool('umount /mnt/huge --persist --json')).stdout),
  )
  t.strictSame([third.mounts.length, third.persisted], [1, []])
})

t.test('a mount that stays keeps its line', async (t) => {
  const { hugepool, root } = machine(t, () => {
    throw systemError('EBUSY', 'umount')
  })
  const files = filesBelow(root)
  t.match(await hugepool('umount /mnt/huge --persist'), { status: 1, stdout: /^$/, stderr: /busy/ })
  t.strictSame(filesBelow(root), files)
})

t.test('all that keeps the mount and its line is said at once', async (t) => {
  const { hugepool, root } = machine(t)
  const foreign = `none ${huge.target} hugetlbfs defaults 0 0`
  scratch(root, { '/etc/fstab': `${before}${foreign}\n` })
  const others = `/etc/fstab: line 2 mounts ${huge.target} and was not written by hugepool`
  t.match(await hugepool('umount /mnt/huge --persist'), { status: 1, stderr: others })
  const inside = `98 99 0:71 / ${huge.target}/in rw - tmpfs tmpfs rw\n`
  appendFileSync(join(root, 'proc/self/mountinfo'), inside)
  const mounted = `${huge.target}: something is mounted in it: ${huge.target}/in`
  for (const dry of ['', ' --dry-run']) {
    const { status, stdout, stderr } = await hugepool(`umount /mnt/huge --persist --json${dry}`)
    const { message, reasons } = errorSchema.parse(parseExact(stdout)).error
    t.strictSame([status, message], [1, `${others}; ${mounted}`])
    t.strictSame(
      reasons?.map((each) => each.message),
      [others, mounted],
    )
    t.match(stderr, /^hint: remove it by hand.*\nhint: unmount that first\n$/m)
  }
})

t.test('what fails after the mount is gone is told with that', async (t) => {
  const { hugepool, root } = machine(t, () =>
    writeFileSync(join(root, 'etc/fstab'), before + line + line),
  )
  const { status, stdout, stderr } = await hugepool('umount /mnt/huge --persist --json')
  t.equal(status, 64, 'for some was done')
  t.match(umountSchema.parse(parseExact(stdout)), {
    mounts: [{ target: huge.target }],
    error: { code: /^E_REFUSED$/, message: /lines 2, 3 mount \/mnt\/huge and all carry the mark/ },
  })
  t.match(stderr, /^hugepool: \/etc\/fstab: lines 2, 3 .*\nhint: leave one of them\n$/m)
})
