import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { mountRecordPath } from '../../../src/kernel/config/mount-record.ts'
import { applySchema } from '../../../src/output/schemas/desired-schema.ts'
import { type ConfiguredStage, configuredStage } from '../../helpers/configured-stage.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines, writesOf } from '../../helpers/on-fake.ts'

const huge = '[mounts."/mnt/huge"]\npage-size = "2M"\nsize = "64M"\ngid = "db"\n'
const big = '[mounts."/mnt/big"]\npage-size = "2M"\n'
const well = 'hugepool: note: the machine is as the configuration wants it\n'

const recorded = ({ root }: ConfiguredStage): readonly string[] => {
  const file = join(root, mountRecordPath)
  if (!existsSync(file)) return []
  return (JSON.parse(readFileSync(file, 'utf8')) as { target: string }[]).map(
    ({ target }) => target,
  )
}

t.test('mounts come after pages and before overcommit, and are noted', async (t) => {
  const pools = '[pools.2M]\npages = 8\novercommit = 4\n[tune]\nshm-group = "db"\n'
  const stage = configuredStage(t, `${huge}${pools}`)
  t.strictSame(await stage.run('apply'), {
    status: 0,
    stdout: lines(
      'WHAT           BEFORE  REQUESTED                    AFTER                        OUTCOME',
      '2M             0       8                            8                            done',
      '/mnt/huge      -       pagesize=2M,size=64M,gid=70  pagesize=2M,size=64M,gid=70  done',
      'shm-group      0       70                           70                           done',
      '2M overcommit  0       4                            4                            done',
    ),
    stderr: well,
  })
  t.strictSame(writesOf(stage.kernel), [
    '2048kB nr_hugepages=8',
    '/proc/sys/vm/hugetlb_shm_group=70',
    '2048kB nr_overcommit_hugepages=4',
  ])
  t.strictSame([stage.calls, recorded(stage)], [['mount /mnt/huge'], ['/mnt/huge']])
  t.equal((await stage.run('apply')).status, 0)
  t.strictSame([stage.kernel.writes.length, stage.calls.length], [3, 1], 'nothing is done again')
  t.equal((await stage.run('check')).status, 0)
})

t.test('an unfinished note of a call that was ended goes, though no mount is made', async (t) => {
  const stage = configuredStage(t, huge)
  await stage.run('apply')
  const half = join(dirname(join(stage.root, mountRecordPath)), '.#hugepool-0a1b2c3d')
  writeFileSync(half, '')
  await stage.run('apply --dry-run')
  t.ok(existsSync(half), 'a dry run removes nothing')
  t.equal((await stage.run('apply')).status, 0)
  t.notOk(existsSync(half))
})

t.test('a dry run prints what resize, mount and overcommit print', async (t) => {
  const stage = configuredStage(t, `[pools.2M]\npages = "0:9,1:1"\novercommit = 4\n${huge}`)
  const { stdout } = await stage.run('apply --dry-run')
  const [pages, mount, overcommit] = [
    await stage.run('resize 2M=0:9,1:1 --dry-run'),
    await stage.run('mount /mnt/huge --pagesize 2M --size 64M --gid db --dry-run'),
    await stage.run('overcommit 2M=4 --dry-run'),
  ]
  t.equal(stdout, `${pages.stdout}${mount.stdout}${overcommit.stdout}`)
  t.equal(stdout.split('\n').length, 5)
  t.strictSame([stage.kernel.writes, stage.calls, recorded(stage)], [[], [], []])
})

t.test('a mount with other options is told, and left alone', async (t) => {
  const stage = configuredStage(t, huge)
  stage.mount('/mnt/huge', 'pagesize=2M,size=32M,gid=70')
  const { status, stdout, stderr } = await stage.run('apply -nr')
  t.strictSame(
    [status, stdout],
    [
      64,
      '/mnt/huge pagesize=2M,size=32M,gid=70 pagesize=2M,size=64M,gid=70 pagesize=2M,size=32M,gid=70 partial\n',
    ],
  )
  t.match(stderr, 'hugepool: /mnt/huge: is mounted with other options: size: 32M instead of 64M\n')
  stage.unmount('/mnt/huge')
  stage.mount('/mnt/huge', 'gid=70,pagesize=2048K,size=65536K,mode=700')
  t.equal((await stage.run('apply')).status, 0, 'the same values in other words')
  t.strictSame(stage.calls, [])
})

t.test('the guarantee of one mount takes what the next cannot have', async (t) => {
  const mount = (name: string) => `[mounts."/mnt/${name}"]\npage-size = "1G"\nmin-size = "2G"\n`
  const stage = configuredStage(t, `[pools.1G]\npages = 3\n${mount('big')}${mount('huge')}`)
  const dry = await stage.run('apply --dry-run')
  t.equal(dry.status, 64)
  t.match(dry.stdout, /min_size=2147483648 none \/mnt\/big\n$/)
  const short = 'hugepool: /mnt/huge: min-size takes 2 pages of 1G, but 1 is available'
  t.match(dry.stderr, short)
  const { status, stderr } = await stage.run('apply')
  t.equal(status, 64)
  t.match(stderr, short)
  t.strictSame(stage.calls, ['mount /mnt/big'])
})

t.test('a mount that fails leaves the others to be made', async (t) => {
  const stage = configuredStage(t, `[pools.2M]\npages = 8\n${big}${huge}`)
  stage.refusal = { call: 'mount', errno: 'ENODEV' }
  const { status, stderr, stdout } = await stage.run('apply --json')
  t.equal(status, 64)
  t.match(stderr, 'hugepool: mount /mnt/big: this kernel has no hugetlbfs\n')
  t.strictSame(stage.calls, ['mount /mnt/big', 'mount /mnt/huge'])
  const { changes, outcome, state } = applySchema.parse(parseExact(stdout))
  t.strictSame([outcome, state], ['partial', 'partly'])
  t.strictSame(
    changes.map(({ attribute, target, outcome: of, error }) => [
      attribute,
      target,
      of,
      error?.code,
    ]),
    [
      ['persistent', undefined, 'done', undefined],
      ['mount', '/mnt/big', 'partial', 'E_UNSUPPORTED'],
      ['mount', '/mnt/huge', 'partial', 'E_UNSUPPORTED'],
    ],
  )
})

t.test('a mount that is not there afterwards is undone', async (t) => {
  const stage = configuredStage(t, big)
  const calls: string[] = []
  const native = nativeWith({
    flock: () => {},
    fsopen: () => {
      throw systemError('ENOSYS', 'fsopen')
    },
    mount: (_source, target) => calls.push(`mount ${target}`),
    umount: (target) => calls.push(`umount ${target}`),
  })
  const { status, stdout } = await stage.run('apply -nr', { native })
  t.strictSame(
    [status, stdout, calls, recorded(stage)],
    [64, '/mnt/big - pagesize=2M - partial\n', ['mount /mnt/big', 'umount /mnt/big'], []],
  )
})

t.test('who may not mount, and has nothing else to do, is told so', async (t) => {
  const stage = configuredStage(t, big)
  stage.refusal = { call: 'mount', errno: 'EPERM' }
  const { status, stdout, stderr } = await stage.run('apply')
  t.strictSame([status, stdout], [3, ''])
  t.match(stderr, /^hugepool: mount \/mnt\/big: operation not permitted\n/)
})

t.test('all or nothing takes mounts and settings back too', async (t) => {
  const settings = '[pools.2M]\npages = 8\novercommit = 4\n[tune]\nshm-group = "db"\n'
  const stage = configuredStage(t, `${settings}${big}`)
  stage.kernel.failWrite('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages', 'EIO')
  const before = stage.kernel.snapshot()
  const { status, stdout, stderr } = await stage.run('apply --all-or-nothing')
  t.strictSame([status, stdout], [1, ''])
  t.match(stderr, /input\/output error \(EIO\).*; all is put back as before\n/)
  t.strictSame(stage.calls, ['mount /mnt/big', 'umount /mnt/big'])
  t.equal(stage.kernel.read('/proc/sys/vm/hugetlb_shm_group'), '0\n')
  t.strictSame(stage.kernel.snapshot(), before)
})

t.test('what cannot be taken back is told', async (t) => {
  const settings = '[pools.2M]\npages = 8\novercommit = 4\n[tune]\nshm-group = "db"\n'
  const stage = configuredStage(t, `${settings}${big}`)
  stage.kernel.failWrite('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages', 'EIO')
  stage.refusal = { call: 'umount', errno: 'EBUSY' }
  const { status, stdout, stderr } = await stage.run('apply --all-or-nothing --json')
  t.equal(status, 1)
  t.match(stderr, '; putting back fell short: /mnt/big stays mounted: somebody uses it already')
  const { outcome, error } = applySchema.parse(parseExact(stdout))
  t.strictSame([outcome, error?.reason], ['partial', 'not-put-back'])
})

t.test('what no file names any more is unmounted by --prune alone', async (t) => {
  const stage = configuredStage(t, `${huge}${big}`)
  await stage.run('apply')
  stage.mount('/mnt/others', 'pagesize=2M')
  stage.write('/etc/hugepool.toml', huge)
  const kept = await stage.run('apply -n')
  t.equal(kept.status, 0)
  t.match(
    kept.stderr,
    '/mnt/big: was mounted by an earlier apply, and no file names it any more\nhint: ',
  )
  t.equal((await stage.run('apply --prune --dry-run')).stdout, 'umount /mnt/big\n')
  t.equal(stage.calls.length, 2)
  stage.refusal = { call: 'umount', errno: 'EBUSY' }
  const busy = await stage.run('apply --prune --json')
  t.equal(busy.status, 64)
  const { unnamed } = applySchema.parse(parseExact(busy.stdout))
  t.hasStrict(unnamed, [{ target: '/mnt/big', pruned: false, error: { reason: 'busy' } }])
  stage.refusal = undefined
  const { status, stdout } = await stage.run('apply --prune --json')
  const pruned = applySchema.parse(parseExact(stdout))
  t.strictSame(
    [status, pruned.outcome, pruned.unnamed],
    [0, 'done', [{ target: '/mnt/big', pruned: true }]],
  )
  // What is busy is tried three times.
  t.strictSame(stage.calls.slice(2), Array(4).fill('umount /mnt/big'))
  t.strictSame(recorded(stage), ['/mnt/huge'])
  t.equal((await stage.run('apply --prune')).status, 0)
  t.equal(stage.calls.length, 6, 'nothing is left to be done')
})

t.test('what somebody else mounted there since stays', async (t) => {
  const stage = configuredStage(t, big)
  await stage.run('apply')
  stage.unmount('/mnt/big')
  stage.mount('/mnt/big', 'pagesize=2M')
  stage.write('/etc/hugepool.toml', 'version = 1\n')
  t.strictSame(await stage.run('apply --prune -n'), { status: 0, stdout: '', stderr: well })
  t.strictSame(stage.calls, ['mount /mnt/big'])
})

t.test('a record that is garbage is none', async (t) => {
  const stage = configuredStage(t, big)
  stage.write(mountRecordPath, 'x')
  t.equal((await stage.run('apply --prune')).status, 0)
  t.strictSame(recorded(stage), ['/mnt/big'])
})

t.test('an attribute that the kernel lacks fails by itself', async (t) => {
  const stage = configuredStage(t, '[pools.2M]\npages = 8\n[tune]\nshm-group = "db"\n')
  stage.kernel.failRead('/proc/sys/vm/hugetlb_shm_group', 'ENOENT', 'always')
  const { status, stdout, stderr } = await stage.run('apply -nr')
  t.strictSame([status, stdout], [64, '2M 0 8 8 done\nshm-group - db - partial\n'])
  t.match(stderr, '/proc/sys/vm/hugetlb_shm_group')
})
