import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { commandsSchema, errorSchema } from '../../../src/output/schemas/parts.ts'
import { umountDryRunSchema } from '../../../src/output/schemas/umount-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { scratch } from '../../helpers/persist.ts'
import { filesBelow, run, treeCopy } from '../../helpers/run.ts'

const options = 'nosuid,nodev,uid=0,gid=0,mode=0755,pagesize=2M'
const start = 'nofail,x-systemd.before=local-fs.target,comment=hugepool'
const own = (target: string) => `none ${target} hugetlbfs ${options},${start} 0 0`
const fstab = [
  '/dev/vda1 / ext4 defaults 0 1',
  'none /mnt/foreign hugetlbfs pagesize=2M 0 0',
  own('/mnt/kept'),
  '',
].join('\n')

const reload = "hint: 'systemctl daemon-reload' makes systemd read it\n"

/** A recorded machine with directories to mount on, one of which its fstab mounts by hugepool. */
const machine = (t: Test, systemd = true) => {
  const directory = treeCopy(t, 'two-nodes')
  for (const name of ['empty', 'foreign', 'kept', 'huge1g'])
    mkdirSync(join(directory, 'mnt', name), { recursive: true })
  scratch(directory, { '/etc/fstab': fstab })
  for (const above of systemd ? ['etc', 'run'] : [])
    mkdirSync(join(directory, above, 'systemd/system'), { recursive: true })
  const tree = directoryTree(directory)
  const before = filesBelow(directory)
  return {
    root: directory,
    hugepool: (words: string) => run(words.split(' '), { tree }),
    untouched: (t: Test) => t.strictSame(filesBelow(directory), before, 'no file is touched'),
  }
}

t.test('a dry run prints what would be written as well', async (t) => {
  const { hugepool, untouched } = machine(t)
  t.strictSame(await hugepool('mount /mnt/empty --persist fstab --dry-run'), {
    status: 0,
    stdout: `mount -t hugetlbfs -o ${options} none /mnt/empty
cp -p /etc/fstab /etc/fstab.hugepool-backup
printf '%s\\n' '${own('/mnt/empty')}' >> /etc/fstab
`,
    stderr: reload,
  })
  const { stdout, stderr } = await hugepool('mount /mnt/empty --persist systemd --dry-run')
  t.match(stdout, /^mount -t .*\ncat > \/etc\/systemd\/system\/mnt-empty\.mount <<'END'\n# Written/)
  t.match(stdout, '\nWhere=/mnt/empty\n')
  t.match(stdout, /\nln -s \/etc\/systemd\/system\/mnt-empty\.mount \S+$/m)
  t.equal(stderr, reload)
  t.strictSame(await hugepool('umount /mnt/huge1g --persist --dry-run'), {
    status: 0,
    stdout: 'umount /mnt/huge1g\n',
    stderr: `hugepool: note: /mnt/huge1g: the same file system is mounted on /srv/vm
hugepool: note: /mnt/huge1g: it would live on, with its files
hugepool: note: /mnt/huge1g: hugepool wrote nothing that mounts it at a start
`,
  })
  untouched(t)
})

t.test('a line stays without the mount, and goes without it', async (t) => {
  const { hugepool, untouched } = machine(t)
  t.strictSame(await hugepool('umount /mnt/kept --persist --dry-run'), {
    status: 0,
    stdout: `cp -p /etc/fstab /etc/fstab.hugepool-backup
sed -i --follow-symlinks 3d /etc/fstab
`,
    stderr: reload,
  })
  t.hasStrict(await hugepool('umount /mnt/kept --dry-run'), { status: 4, stdout: '' })
  t.hasStrict(await hugepool('umount /mnt/empty --persist --dry-run'), { status: 4, stdout: '' })
  untouched(t)
})

t.test('the document of a dry run has every line', async (t) => {
  const { hugepool } = machine(t)
  for (const [words, count, schema] of [
    ['mount /mnt/empty --persist fstab', 3, commandsSchema],
    ['mount /mnt/empty --persist systemd', 4, commandsSchema],
    ['umount /mnt/kept --persist', 2, umountDryRunSchema],
  ] as const) {
    const { stdout } = await hugepool(`${words} --dry-run --json`)
    t.equal(schema.parse(parseExact(stdout)).commands.length, count, words)
  }
})

t.test('what is wrong is said before anything is touched', async (t) => {
  const { hugepool, untouched } = machine(t, false)
  const wrong: readonly (readonly [words: string, status: number, said: string])[] = [
    ['mount /mnt/empty --persist', 2, '--persist needs a value: KIND'],
    [
      'mount /mnt/empty --persist cron',
      2,
      "--persist is one of fstab, systemd, config, not 'cron'",
    ],
    ['umount /mnt/empty --persist=fstab', 2, '--persist takes no value'],
    ['mount /mnt/foreign --persist fstab', 1, 'line 2 mounts /mnt/foreign and was not written by'],
    ['umount /mnt/foreign --persist', 1, 'line 2 mounts /mnt/foreign and was not written by'],
    [
      'mount /mnt/empty --persist systemd',
      4,
      'systemd does not run here: /run/systemd/system is missing',
    ],
  ]
  for (const [words, status, said] of wrong) {
    const result = await hugepool(words)
    t.hasStrict(result, { status, stdout: '' }, words)
    t.ok(result.stderr.includes(said), `${words}: ${result.stderr}`)
    t.strictSame(await hugepool(`${words} --dry-run`), result, 'a dry run says the same')
    const { stdout } = await hugepool(`${words} --json`)
    t.equal(errorSchema.parse(parseExact(stdout)).error.message.includes(said), true)
  }
  const recorded = / is not the running kernel: no native calls\n$/
  for (const words of ['mount /mnt/empty --persist fstab', 'mount /mnt/kept --persist fstab'])
    t.match(await hugepool(words), { status: 4, stderr: recorded }, words)
  untouched(t)
})

t.test('--persist before the name of a command', async (t) => {
  const { hugepool } = machine(t)
  t.match(await hugepool('--persist umount /mnt/kept --dry-run'), { status: 0 })
  t.match(await hugepool('--persist fstab mount /mnt/empty --dry-run'), { status: 0 })
})

t.test('all that is in the way is said at once, the first to mend first', async (t) => {
  const { hugepool } = machine(t)
  const line = '/etc/fstab: line 2 mounts /mnt/foreign and was not written by hugepool'
  const missing =
    '--min-size takes 512 pages of 2M, but 82 are available (free - reserved), and overcommit allows 12 more'
  const { status, stdout, stderr } = await hugepool(
    'mount /mnt/foreign --min-size 1G --persist fstab --json',
  )
  const { message, reasons } = errorSchema.parse(parseExact(stdout)).error
  t.strictSame([status, message], [1, `${line}; ${missing}`])
  t.strictSame(
    reasons?.map((each) => each.message),
    [line, missing],
  )
  t.match(stderr, /^hint: remove it by hand, .*\nhint: 'hugepool resize 2M=\d+' makes room\n$/m)
})

t.test('a minimum size that nothing provides at a start is told, and written', async (t) => {
  const { hugepool, root } = machine(t)
  const words = 'mount /mnt/empty --min-size 16M --persist systemd --dry-run'
  rmSync(join(root, 'proc/cmdline'))
  t.notMatch((await hugepool(words)).stderr, 'minimum size', 'the command line is not to be seen')
  scratch(root, { '/proc/cmdline': 'quiet hugepages=7\n' })
  const { status, stderr } = await hugepool(words)
  t.equal(status, 0)
  t.match(
    stderr,
    'hugepool: note: /mnt/empty: the minimum size takes 8 pages at every start, and no more than 7 can be seen to be provided before it is mounted: the mount would fail\n',
  )
  t.match(stderr, "\nhint: 'vm.nr_hugepages = 8' in a file of /etc/sysctl.d provides them, or ")
  scratch(root, { '/etc/sysctl.d/huge.conf': 'vm.nr_overcommit_hugepages = 1\n' })
  t.notMatch((await hugepool(words)).stderr, 'minimum size')
})
