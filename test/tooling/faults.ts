import t from 'tap'
import { errnosOf, failingCalls } from '../faults/errnos.ts'
import { type Ended, type Evidence, judge } from '../faults/judge.ts'
import {
  allFaultsOf,
  type Fate,
  type Fault,
  faultsOf,
  sampleOf,
  tamperingWords,
} from '../faults/plan.ts'
import { pathIn, pointsIn, pointsOf } from '../faults/recording.ts'
import { summary } from '../faults/report.ts'
import { scenes } from '../faults/scenes.ts'
import { tells } from '../faults/tells.ts'
import { parseTyped } from '../faults/typed.ts'

const pool = 'pool /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
const path = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
const before = { [pool]: '0' }
const wanted = { [pool]: '8' }
const errno: Fate = { kind: 'errno', errno: 'EIO', ever: false }
const kill: Fate = { kind: 'kill' }

const ended = (some: Partial<Ended> = {}): Ended => ({
  status: 0,
  signal: null,
  out: '',
  err: '',
  hung: false,
  ...some,
})

/** What is found in a run that is as it should be but for what is given. */
const found = (some: Partial<Evidence>): readonly string[] =>
  judge({
    fault: { json: false, fate: errno },
    before,
    wanted,
    usual: 0,
    run: ended({ out: '2M all 0 8 8 0 done\n' }),
    after: wanted,
    second: { again: ended(), end: wanted },
    ...some,
  }).map(({ kind }) => kind)

const refused = ended({ status: 1, err: 'hugepool: /sys: input/output error (EIO)\n' })

t.test('a run that did what it says, or nothing, is right', async (t) => {
  t.strictSame(found({}), [])
  t.strictSame(found({ run: refused, after: before }), [])
  const told = ended({
    status: 64,
    err: `hugepool: EIO\nhugepool: done before that: 8 written to ${path}\nhint: 2M\n`,
  })
  t.strictSame(found({ run: told }), [])
})

t.test('what is changed has to be said', async (t) => {
  t.strictSame(found({ run: refused }), ['unsaid'])
  t.strictSame(found({ run: refused, after: { [pool]: '3' } }), ['unsaid'])
  const told = ended({ status: 64, out: '2M all 0 8 3 5 partial\n' })
  t.strictSame(found({ run: told, after: { [pool]: '3' } }), [])
})

t.test('a document says it too', async (t) => {
  const json = { json: true, fate: errno }
  const err = '2M all 0 8 8 0 done'
  const says = (out: unknown) =>
    found({ fault: json, run: ended({ status: 64, err, out: JSON.stringify(out) }) })
  t.strictSame(says({ error: { message: 'no' } }), ['unsaid'])
  t.strictSame(says({ changes: [{ pageSize: 2097152, after: 8 }] }), [])
  t.strictSame(says({ error: { done: [`8 written to ${path}`] } }), [])
  t.strictSame(found({ fault: json, run: ended({ out: '2M done' }) }), ['no-json'])
  for (const err of [
    'hugepool: cannot start: EIO\n',
    '#  /usr/bin/node[7]: node::fs::ReadFileUtf8(const v8::FunctionCallbackInfo<v8::Value>&)',
  ])
    t.strictSame(found({ fault: json, run: ended({ status: 1, err }), after: before }), [])
})

t.test('what is kept with a reason, and what is hidden, is no lie', async (t) => {
  const file = 'file /mnt/huge/left'
  const second = { again: ended(), end: {} }
  const kept = { before: { [file]: 'a' }, wanted: {}, after: { [file]: 'a' }, second }
  const run = (err: string) => found({ ...kept, run: ended({ err }) })
  t.strictSame(run('hugepool: note: /mnt/huge/left stays: somebody has it\n'), [])
  t.strictSame(run('hugepool: note: /mnt/huge/left\n'), ['lied'])
  t.strictSame(run('hugepool: note: 1 directory could not be looked at, and may have files\n'), [])
  const hidden = (errno: string): Fate => ({ kind: 'errno', errno, ever: true })
  const under = (fate: Fate) => found({ fault: { json: false, fate }, after: before })
  const all = (['ENOENT', 'ENOTDIR', 'EIO'] as const).map((errno) => under(hidden(errno)))
  t.strictSame(all, [[], [], ['lied']])
  const full = (call: string) =>
    found({ fault: { json: false, fate: hidden('ENOTEMPTY'), point: { call } }, after: before })
  t.strictSame([full('rmdir'), full('unlink')], [[], ['lied']], 'a directory that others are in')
  const partly = { before: {}, wanted: { [file]: 'a', 'file /mnt/b': 'b' }, after: { [file]: 'a' } }
  const again = { second: { again: ended(), end: partly.wanted } }
  const some = (status: number) =>
    found({
      ...partly,
      ...again,
      fault: { json: false, fate: hidden('ENOENT') },
      run: ended({ status, err: 'no\n' }),
    })
  t.strictSame([some(0), some(1)], [[], ['unsaid']])
})

t.test('a segment stays where the call that removes it fails, and only there', async (t) => {
  const left = { ...before, segments: '1', 'reserved hugepages-2048kB': '4' }
  const none = { ...before, 'reserved hugepages-2048kB': '0' }
  const second = { again: ended(), end: left }
  const gone: Fate = { kind: 'errno', errno: 'EIDRM', ever: false }
  const seen = (call: string, run: Ended, fate = errno) =>
    found({
      fault: { json: false, fate, point: { call } },
      before: none,
      wanted: none,
      after: left,
      run,
      second,
    })
  t.strictSame(seen('shmctl', refused), [])
  t.strictSame(seen('shmat', refused), ['left', 'half', 'again'])
  t.strictSame(seen('shmctl', ended()), ['lied', 'left', 'half', 'again'])
  t.strictSame(seen('shmctl', ended(), gone), [], 'who is told that it is gone')
})

t.test('settings are told by their keys, and the note of mounts follows them', async (t) => {
  const setting = 'setting /proc/sys/vm/hugetlb_shm_group'
  t.equal(tells('shm-group 0 7 7 done', setting, '7', false), true)
  t.equal(tells('shmmax 0 7 7 done', 'setting /proc/sys/kernel/shmmax', '7', false), true)
  t.equal(tells('shmmax 0 7 7 done', setting, '7', false), false)
  const note = 'file /run/hugepool/mounts.json'
  const noted = { ...wanted, [note]: 'file' }
  t.strictSame(found({ wanted: noted, after: noted, second: { again: ended(), end: wanted } }), [])
})

t.test(
  'what programs of others write is told by their names, and never left or half done',
  async (t) => {
    const menu = 'file /boot/grub/grub.cfg'
    t.equal(tells("done before that: 'update-grub' run", menu, 'x', false), true)
    t.equal(tells("done before that: 'systemctl daemon-reload' run", menu, 'x', false), false)
    const known = 'file /run/systemd/known'
    t.equal(tells("done before that: 'systemctl daemon-reload' run", known, 'x', false), true)
    const record = 'file /var/lib/hugepool/boot.json'
    t.equal(tells('"outcome":"partial", the next boot has hugepages=8', record, 'x', true), true)
    t.equal(tells('hugepool: the next boot has hugepages=8', known, 'x', false), false)
    const run = ended({ status: 64, err: `${record.slice(5)} and systemctl: done\n` })
    for (const name of [known, record, 'file /boot/grub/grub.cfg'])
      t.strictSame(
        found({
          run,
          before: {},
          wanted: {},
          after: { [name]: 'x' },
          second: { again: ended(), end: {} },
        }),
        name.includes('grub') ? ['left', 'unsaid'] : [],
        name,
      )
  },
)

t.test('success that is none, faults, silence and what never ends', async (t) => {
  t.strictSame(found({ after: before }), ['lied'])
  t.strictSame(found({ run: ended({ status: 70, err: 'no' }), after: before }), ['bug'])
  const stack = 'hugepool: no\n    at read (src/a.ts:3:4)\n'
  t.strictSame(found({ run: ended({ status: 1, err: stack }), after: before }), ['stack'])
  t.strictSame(found({ run: ended({ status: 1 }), after: before }), ['silent'])
  t.strictSame(found({ run: ended({ hung: true }) }), ['hung'])
})

t.test('what is half done, and what is left', async (t) => {
  const file = 'file /etc/fstab'
  const half = { ...before, [file]: 'half' }
  const whole = { before: { ...before, [file]: 'old' }, wanted: { ...before, [file]: 'new' } }
  const run = ended({ status: 1, err: '/etc/fstab written\n' })
  const second = { again: ended(), end: whole.wanted }
  t.strictSame(found({ ...whole, run, after: half, second }), ['half'])
  const left = { ...before, 'file /etc/.#hugepool-1': 'file', 'mount /a': 'rw' }
  const said = ended({ status: 1, err: '/etc/.#hugepool-1 and /a stay: changed\n' })
  t.strictSame(found({ run: said, after: left }), ['left', 'left'])
  t.strictSame(found({ run: refused, after: { [pool]: '9' } }), ['half', 'unsaid'])
})

t.test('after a kill only what stays counts, and the next run', async (t) => {
  const fault = { json: true, fate: kill }
  const run = ended({ status: null, signal: 'SIGKILL' })
  t.strictSame(found({ fault, run }), [])
  const failing = { again: ended({ status: 1, err: 'no' }), end: wanted }
  t.strictSame(found({ fault, run, second: failing }), ['again'])
  t.strictSame(found({ fault, run, second: { again: ended(), end: before } }), ['again'])
  const file = 'file /etc/fstab'
  const whole = { before: { [file]: 'old' }, wanted: { [file]: 'new' } }
  const second = { again: ended(), end: whole.wanted }
  t.strictSame(found({ ...whole, fault, run, second, after: { [file]: 'ne' } }), ['half'])
})

t.test('to name a thing is not to tell that it changed', async (t) => {
  t.equal(tells('2M: no such size', pool, '8', false), false)
  t.equal(tells('2M is now 8', pool, '8', false), true)
  t.equal(tells('2M is now 88', pool, '8', false), false)
  t.equal(tells('/mnt/a: input/output error', 'mount /mnt/a', 'rw', false), false)
  t.equal(tells('done before that: mounted on /mnt/a', 'mount /mnt/a', 'rw', false), true)
})

const log = `7 openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY) = 3</etc/passwd>
7 openat(AT_FDCWD</>, "/own/dist/a.js", O_RDONLY) = 3</own/dist/a.js>
7 openat(AT_FDCWD</>, "/sys/a", O_RDONLY) = 4</sys/a>
8 read(5</sys/a>, "/etc/x", 10) = 3
7 read(4</sys/a>,  <unfinished ...>
7 <... read resumed>"/etc/x", 10) = 3
7 read(4</sys/a>, "", 10) = 0
7 close(4</sys/a>) = 0
7 openat(AT_FDCWD</>, "/etc/.#hugepool-0a1b", O_WRONLY|O_CREAT) = 4</etc/.#hugepool-0a1b>
7 read(9<pipe:[3]>, "x", 10) = 1
7 madvise(0x7f, 4096, MADV_DONTNEED) = 0
7 fsopen("hugetlbfs", FSOPEN_CLOEXEC) = 5
7 openat(AT_FDCWD</>, "/usr/lib/a", O_RDONLY) = 4</usr/lib/a>
`

t.test('the calls of a log, each counted in its thread', async (t) => {
  t.equal(pathIn('openat', '5</etc>, "fstab", O_RDONLY) = 3'), '/etc/fstab')
  t.equal(pathIn('read', '5</proc/77/status>, "Name", 4) = 4'), '/proc/*/status')
  t.equal(pathIn('statx', '5</etc/a>, "", AT_EMPTY_PATH, {}) = 0'), '/etc/a')
  t.equal(pointsIn(log).length, 12)
  t.strictSame(pointsOf(log, '/own'), [
    { call: 'openat', path: '/own/dist/a.js', onPath: 1, ofAll: 2 },
    { call: 'openat', path: '/sys/a', onPath: 1, ofAll: 3 },
    { call: 'read', path: '/sys/a', onPath: 1, ofAll: 1 },
    { call: 'read', path: '/sys/a', onPath: 1, ofAll: 1 },
    { call: 'read', path: '/sys/a', onPath: 2, ofAll: 2 },
    { call: 'openat', path: '/etc/.#hugepool-*', onPath: 1, ofAll: 4 },
    { call: 'fsopen', path: undefined, onPath: 1, ofAll: 1 },
  ])
})

const point = (call: string, name: string | undefined, onPath = 1) => ({
  call,
  path: name,
  onPath,
  ofAll: 9,
})

t.test(
  'a call that changes something has all of its errnos, one that reads has its turn',
  async (t) => {
    const written = faultsOf('a', [point('fsync', '/etc/a')])
    const errnos = written.flatMap(({ fate }) => (fate.kind === 'errno' ? fate.errno : []))
    t.strictSame(errnos, [...errnosOf('fsync'), 'EIO'])
    t.strictSame(
      written.slice(-3).map(({ fate }) => fate.kind),
      ['errno', 'delay', 'kill'],
    )
    const reads = Array.from({ length: 7 }, (_, index) => point('read', '/sys/a', index + 1))
    const read = faultsOf('a', reads).flatMap(({ fate }) => (fate.kind === 'errno' ? fate : []))
    t.strictSame(new Set(read.map((one) => one.errno)), new Set(errnosOf('read')))
    t.ok(read.some(({ ever }) => ever))
    t.notOk(read.some((one) => one.ever && one.errno === 'EINTR'))
  },
)

t.test(
  'of many calls that are alike some are tried, the first and the last among them',
  async (t) => {
    const reads = Array.from({ length: 30 }, (_, index) => point('read', '/sys/a', index + 1))
    const tried = faultsOf('a', reads, false).map((fault) => fault.point.onPath)
    t.strictSame([...new Set(tried)], [1, 11, 20, 30])
    t.equal(faultsOf('a', reads).length, 30)
    const own = Array.from({ length: 30 }, (_, at) => point('read', `/own/dist/chunk-${at}.js`))
    t.equal(faultsOf('a', own, false).length, 4)
  },
)

t.test('whatever can become of a call in a place is tried in one of the scenes', async (t) => {
  const scenes = new Map([
    ['a', [point('statfs', '/mnt/huge'), point('statfs', undefined)]],
    ['b', [point('statfs', '/mnt/huge/a'), point('fsync', '/etc/fstab')]],
  ])
  const faults = allFaultsOf(scenes, false)
  const fatesOf = (...names: (string | undefined)[]) =>
    faults
      .filter((fault) => names.includes(fault.point.path) && fault.point.call === 'statfs')
      .map(({ fate }) => (fate.kind === 'errno' ? fate.errno : fate.kind))
      .sort()
  const wanted = [...errnosOf('statfs'), 'delay', 'kill'].sort()
  t.strictSame([...new Set(fatesOf('/mnt/huge', '/mnt/huge/a'))], wanted)
  t.strictSame([...new Set(fatesOf(undefined))], wanted)
  t.ok(fatesOf('/mnt/huge').length > 4 && fatesOf('/mnt/huge/a').length > 4, 'both have a part')
  t.strictSame([...new Set(faults.map(({ scene }) => scene))], ['a', 'b'], 'in their order')
  const doubled = [...scenes].flatMap(([name, points]) => faultsOf(name, points, false))
  t.equal(faults.length, doubled.length + 2 * wanted.length - 3, 'nothing is tried twice')
})

t.test('every call that is looked for answers something', async (t) => {
  for (const call of failingCalls) {
    const errnos = errnosOf(call)
    t.ok(errnos.includes('EIO') && errnos.includes('EINTR'), call)
    t.equal(new Set(errnos).size, errnos.length, call)
  }
})

t.test('the words of strace', async (t) => {
  const words = (fate: Fate, name: string | undefined) =>
    tamperingWords({ point: point('openat', name, 2), fate }).join(' ')
  t.equal(
    words({ kind: 'errno', errno: 'EIO', ever: true }, '/sys/a'),
    '-P /sys/a -e trace=openat -e inject=openat:error=EIO:when=2+',
  )
  t.equal(words(kill, '/etc/.#hugepool-*'), '-e trace=openat -e inject=openat:signal=KILL:when=9')
  t.equal(
    words({ kind: 'delay' }, undefined),
    '-e trace=openat -e inject=openat:delay_enter=1000000:when=9',
  )
})

t.test('a sample is that of its seed, in order', async (t) => {
  const all = Array.from({ length: 1000 }, (_, index) => ({ index, scene: index < 5 ? 'a' : 'b' }))
  const sample = sampleOf(all, 20, 7)
  t.strictSame(sample, sampleOf(all, 20, 7))
  t.strictSame(
    sample,
    [...sample].sort((a, b) => a.index - b.index),
  )
  t.ok(sample.filter(({ scene }) => scene === 'a').length >= 3, 'each scene has its part')
  t.equal(new Set(sample).size, 20)
  t.notSame(sample, sampleOf(all, 20, 8))
  t.strictSame(sampleOf(all, 5000, 7), all)
  t.equal(sampleOf(all, 1, 7).length, 1)
})

t.test('what is typed', async (t) => {
  const plain = { names: [], count: undefined, seed: 1, every: false, help: false }
  t.strictSame(parseTyped([]), plain)
  t.strictSame(parseTyped(['resize', '--seed', '7', '--count', '3']), {
    ...plain,
    names: ['resize'],
    seed: 7,
    count: 3,
  })
  t.throws(() => parseTyped(['--count', 'x']), /a number is expected/)
  t.throws(() => parseTyped(['rezise']), /no such command/)
})

t.test('scenes have names of their own', async (t) => {
  t.equal(new Set(scenes.map(({ name }) => name)).size, scenes.length)
})

t.test('the report counts', async (t) => {
  const fault: Fault = { scene: 'a', json: false, point: point('read', '/a'), fate: errno }
  const finding = { kind: 'lied', words: 'no' } as const
  const text = summary(
    [
      { fault, hit: true, findings: [finding] },
      { fault, hit: false, findings: [] },
    ],
    3,
  )
  t.match(text, /^runs: 2 in 3 s, of which 1 did not/)
  t.match(text, /^commands: a 2$/m)
  t.match(text, /^findings: lied 1$/m)
})
