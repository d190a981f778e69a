import t from 'tap'
import { predictionOf } from '../../../src/model/doctor/check-finding.ts'
import type { DoctorRequest, DoctorSubject } from '../../../src/model/doctor/doctor-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { answerRequest } from '../../../src/operations/doctor/answer-request.ts'
import { doctorSchema } from '../../../src/output/schemas/doctor-schema.ts'
import { caught } from '../../helpers/caught.ts'
import { openStage, portsOf } from '../../helpers/doctor-stage.ts'
import type { FakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const silent = { outIsTerminal: false, errIsTerminal: false, environment: {} }

type Stage = Partial<typeof openStage>

/** Runs a command line on a stage of which files are changed. It reads only. */
const doctor = async (
  line: string,
  stage: Stage = {},
  files: Readonly<Record<string, string>> = {},
  systemctl = '',
) => {
  const { kernel } = portsOf({ ...openStage, ...stage }, 'anon')
  for (const [path, text] of Object.entries(files)) kernel.extra.set(path, text)
  const run = async () => ({ status: 0, stdout: systemctl, stderr: '' })
  const before = [kernel.snapshot(), new Map(kernel.extra)]
  const result = await caught(['doctor', ...line.split(' ')], silent, {
    tree: kernel as FakeKernel,
    native: nativeOf(kernel),
    mapper: undefined,
    watchSignals: () => ({ pending: () => undefined, end: () => {} }),
    run,
  } as never)
  t.strictSame([kernel.snapshot(), kernel.extra], before, line)
  t.strictSame(kernel.writes, [], line)
  return result
}

/** Asks for pages by mmap, with the test after it. */
const asked = (words: string): Omit<DoctorRequest, 'subject'> => ({
  about: 'mapping',
  assignment: parseAssignment(words),
  via: 'anon',
  populate: false,
  noreserve: false,
  verify: false,
  frames: false,
  readOften: false,
  processes: 1,
  fork: false,
  tries: true,
})

/** The answer, and the checks that do not come out well. */
const answer = async (...words: Parameters<typeof doctor>): Promise<string> => {
  const [line, ...rest] = words
  const { stdout, stderr } = await doctor(`${line} --json`, ...rest)
  if (!stdout.includes('"checks"')) return stderr.split('\n')[0] ?? ''
  const found = doctorSchema.parse(parseExact(stdout))
  const amiss = found.checks.filter(({ result }) => result !== 'ok')
  return [found.answer, ...amiss.map(({ check, result }) => `${check}:${result}`)].join(' ')
}

t.test('yes, with all that was looked at', async (t) => {
  t.strictSame(await doctor('2M=4'), {
    status: 0,
    stdout: lines(
      'CHECK          RESULT          HAS      NEEDS  WHY',
      'page-size      ok               2M         2M  -',
      'alignment      ok               8M         2M  -',
      'policy         ok          default          -  -',
      'cpuset         ok        nodes 0-1          -  -',
      'address-space  ok        unlimited         8M  -',
      'map-count      ok      90 mappings  1 mapping  -',
      'memlock        ok        unlimited          -  -',
      'cgroup-rsvd    ok                -         8M  -',
      'available      ok          8 pages    4 pages  -',
      'cgroup-max     ok                -         8M  -',
    ),
    stderr: 'hugepool: note: yes: 4 pages of 2M can be had by anon\n',
  })
})

t.test('no, with what to type', async (t) => {
  const { status, stderr } = await doctor('2M=1:6')
  t.equal(status, 5)
  t.equal(
    stderr,
    lines(
      'hugepool: no: 2 of 6 pages are missing on node 1',
      "hint: 'hugepool resize 2M=1:+2' makes room there",
    ),
  )
  const group = await doctor('2M=4', { above: { pages: 3 } })
  t.equal(
    group.stderr,
    lines(
      'hugepool: no: the cgroup /up allows 8M (hugetlb.2MB.max) and has 2M: too little to touch them',
      "hint: 'echo 10485760 > /sys/fs/cgroup/up/hugetlb.2MB.max' lets it have them",
    ),
  )
})

t.test('the memory policy that the process has already', async (t) => {
  const held = { mode: 'bind', nodes: [1] } as const
  t.equal(await answer('2M=5', { held }), 'no node-free:fail')
  t.equal(await answer('2M=4', { held }), 'yes')
  t.equal(await answer('2M=0:4', { held }), 'yes', 'what is asked for takes its place')
  const closed = { '/proc/self/numa_maps': '5600 bind:1 heap\n7fff bind:0 stack\n' }
  t.equal(await answer('2M=4', {}, closed), 'unknown policy:unknown')
  t.equal(await answer('2M=4 --node 1', {}, closed), 'yes')
})

t.test('as many as the policy lets it have', async (t) => {
  const most = async (...words: Parameters<typeof doctor>): Promise<unknown> => {
    const [line, ...rest] = words
    const { answer: told, pages } = doctorSchema.parse(
      parseExact((await doctor(`${line} --json`, ...rest)).stdout),
    )
    return [told, pages]
  }
  const held = { mode: 'bind', nodes: [1] } as const
  t.strictSame(await most('2M=max'), ['yes', 8n])
  t.strictSame(await most('2M=max', { held }), ['yes', 4n])
  t.strictSame(await most('2M=max --node 0', { held }), ['yes', 4n])
  t.strictSame(await most('2M=max', { held: { mode: 'preferred', nodes: [1] } }), ['yes', 8n])
  const open = { ...other, '/proc/77/status': 'Name:\tdb\nMems_allowed_list:\t0-1\n' }
  const bound = {
    ...open,
    '/proc/77/cgroup': '0::/\n',
    '/proc/77/numa_maps': '7fff bind:0 stack anon=1\n',
  }
  t.strictSame(await most('2M=max --pid 77', {}, bound), ['yes', 4n])
  const unit = 'LoadState=loaded\nMainPID=77\nControlGroup=/\n'
  t.strictSame(await most('2M=max --unit db', {}, bound, unit), ['yes', 4n])
  const idle = 'LoadState=loaded\nMainPID=0\nSlice=gone.slice\nNUMAPolicy=bind\nNUMAMask=1\n'
  t.strictSame(await most('2M=max --unit db', {}, other, idle), ['unknown', 4n])
  const kernel = { ...openStage.kernel, pools: [{ size: 2n * M, persistent: { 0: 4n } }] }
  t.equal(
    (await doctor('2M=max', { held, kernel })).stderr,
    lines(
      'hugepool: no: 2M: no page is available',
      "hint: 'hugepool resize 2M=1:+1' makes room there",
    ),
  )
})

/** How often the policy of a process is read where a test follows. */
const policyReads = async (subject: DoctorSubject, stage: Stage = {}, words = '2M=4') => {
  const ports = portsOf({ ...openStage, ...stage }, 'anon')
  const { kernel } = ports
  for (const [path, text] of Object.entries(other)) kernel.extra.set(path, text)
  kernel.extra.set('/proc/77/numa_maps', '7fff bind:1 stack anon=1\n')
  const reads: string[] = []
  const read = (path: string) => {
    if (path.endsWith('/numa_maps')) reads.push(path)
    return kernel.read(path)
  }
  const found = await answerRequest(
    { ...ports, tree: { ...kernel, read } },
    { ...asked(words), subject },
  )
  return { reads, isTried: found.trial !== undefined || found.untried !== undefined }
}

t.test('a process is looked at once, also where a test follows', async (t) => {
  const own = '/proc/self/numa_maps'
  t.strictSame(await policyReads({ kind: 'self' }), { reads: [own], isTried: true })
  const pid = { kind: 'pid', pid: 77 } as const
  t.strictSame(await policyReads(pid), { reads: ['/proc/77/numa_maps'], isTried: true })
  const nodes = [{ id: 0, memory: 4n * G }]
  const kernel = { nodes, pools: [{ size: 2n * M, persistent: { 0: 8n } }] }
  const single = { allowed: [0], kernel }
  t.strictSame(await policyReads({ kind: 'self' }, single), { reads: [], isTried: true })
  t.strictSame(await policyReads(pid, single), { reads: [], isTried: true })
  t.strictSame(await policyReads({ kind: 'self' }, single, '2M=max'), { reads: [], isTried: true })
})

t.test('unknown names what could not be seen', async (t) => {
  const { status, stderr } = await doctor('2M=4', {}, { '/proc/self/limits': '' })
  t.strictSame(
    { status, stderr },
    { status: 64, stderr: 'hugepool: unknown: could not be looked into: address-space\n' },
  )
})

t.test('what the machine does not have is a check that fails', async (t) => {
  t.equal(await answer('64K=1'), 'no page-size:fail')
  t.equal(await answer('2M=3M'), 'no alignment:fail')
  t.equal(await answer('2M=9:1'), 'no policy:fail')
})

t.test('the copies of a child', async (t) => {
  t.equal(await answer('2M=4 --fork'), 'yes')
  t.equal(await answer('2M=5 --fork'), 'no copy-on-write:fail')
  t.equal(await answer('2M=5 --fork --shared'), 'yes')
  t.equal(await answer('2M=4 --fork', { own: { pages: 6 } }), 'no cgroup-max:fail')
})

t.test('surplus pages of memory that is in pieces', async (t) => {
  const zone = (node: number, blocks: number) =>
    `Node ${node}, zone   Normal 900000 0 0 0 0 0 0 0 0 ${blocks} 0\n`
  const pieces = (blocks: number) => ({ '/proc/buddyinfo': zone(0, 0) + zone(1, blocks) })
  const pools = [{ size: 2n * M, persistent: { 0: 1n }, overcommit: 4n }]
  const stage = { kernel: { ...openStage.kernel, pools } }
  t.equal(await answer('2M=4', stage, pieces(2)), 'unknown surplus-memory:unknown')
  t.equal(await answer('2M=4', stage, pieces(3)), 'yes surplus-memory:warn')
  t.equal(await answer('2M=1', stage, pieces(0)), 'yes')
})

const users = {
  '/etc/passwd': 'root:x:0:0::/:/bin/sh\npg:x:70:71::/:/bin/sh\n',
  '/etc/group': 'root:x:0:\npg:x:71:\nhuge:x:50:pg\nother:x:60:\n',
}

t.test('another user and another group', async (t) => {
  t.equal(await answer('2M=4 --via shm --user pg', {}, users), 'yes', 'by its group huge')
  t.equal(await answer('2M=4 --via shm --user pg', { shmGroup: 60 }, users), 'no shm-group:fail')
  t.equal(await answer('2M=4 --via shm --group other', { shmGroup: 60 }, users), 'yes')
  t.equal(await answer('2M=4 --via shm --user 70 --group other', { shmGroup: 60 }, users), 'yes')
  const { stderr } = await doctor('2M=4 --via shm --user pg', {}, users)
  t.equal(stderr, 'hugepool: note: yes: 4 pages of 2M can be had by shm as pg\n')
  t.equal(
    await answer('2M=4 --user nobody', {}, users),
    "hugepool: there is no user 'nobody' in /etc/passwd",
  )
})

t.test('the limits of a user that PAM makes are not known', async (t) => {
  const stage = { addressSpace: 3 }
  t.equal(await answer('2M=4', stage), 'no address-space:fail')
  t.equal(await answer('2M=4 --user pg', stage, users), 'unknown address-space:unknown')
  t.equal(await answer('2M=4 --user pg', {}, users), 'yes')
})

const other = {
  '/proc/77/status':
    'Name:\tdb\nUid:\t70\t70\t70\t70\nGid:\t71\t71\t71\t71\nGroups:\t50 \nVmSize:\t1024 kB\nCapEff:\t0000000000000000\nMems_allowed_list:\t1\n',
  '/proc/77/limits': 'Max address space         unlimited            unlimited            bytes\n',
  '/proc/77/cgroup': '0::/db\n',
  '/proc/77/mountinfo': '1 1 0:1 / /dev/huge rw - hugetlbfs none rw,mode=1777,pagesize=2M\n',
  '/sys/fs/cgroup/db/cgroup.procs': '77\n',
  '/sys/fs/cgroup/db/hugetlb.2MB.max': `${3 * 2 ** 21}\n`,
  '/sys/fs/cgroup/db/hugetlb.2MB.current': '0\n',
}

t.test('another process: its cgroup, cpuset, mounts and limits', async (t) => {
  t.equal(await answer('2M=4 --pid 77', {}, other), 'no cgroup-max:fail')
  t.equal(await answer('2M=3 --pid 77', {}, other), 'yes')
  t.equal(await answer('2M=5 --pid 77', {}, other), 'no node-free:fail cgroup-max:fail')
  t.equal(await answer('2M=3 --via file --pid 77', { mount: 'none' }, other), 'yes')
  t.equal(
    await answer('2M=3 --via shm --pid 77', {}, other),
    'unknown shmmax:unknown shmall:unknown shmmni:unknown',
  )
  const bound = { ...other, '/proc/77/numa_maps': '7fff bind:0 stack anon=1\n' }
  t.equal(await answer('2M=3 --pid 77', {}, bound), 'no node-free:fail')
  t.equal(await answer('2M=3 --pid 78', {}, other), 'hugepool: there is no process 78')
})

t.test('another cgroup, by both of its paths', async (t) => {
  t.equal(await answer('2M=4 --cgroup /db', {}, other), 'no cgroup-max:fail')
  t.equal(await answer('2M=4 --cgroup /sys/fs/cgroup/db', {}, other), 'no cgroup-max:fail')
  t.equal(await answer('2M=4 --cgroup db', {}, other), 'no cgroup-max:fail')
  t.equal(await answer('2M=4 --cgroup /gone', {}, other), "hugepool: there is no cgroup '/gone'")
})

t.test('a unit that runs is its process, another its settings', async (t) => {
  const running = 'LoadState=loaded\nMainPID=77\nControlGroup=/db\n'
  t.equal(await answer('2M=4 --unit db', {}, other, running), 'no cgroup-max:fail')
  const idle =
    'LoadState=loaded\nMainPID=0\nControlGroup=\nSlice=db.slice\nUser=pg\nLimitASSoft=1048576\n'
  const files = { ...users, ...other }
  t.equal(await answer('2M=4 --unit db', {}, files, idle), 'no address-space:fail')
  const roomy = idle.replace('1048576', 'infinity')
  t.equal(await answer('2M=4 --unit db', {}, files, roomy), 'yes')
  t.equal(await answer('2M=4 --unit db', {}, files, ''), "hugepool: there is no unit 'db'")
})

t.test('the time is up, or the answer became yes', async (t) => {
  const { status, stderr } = await doctor('2M=9 --wait 2s')
  t.equal(status, 5)
  t.match(stderr, /^hugepool: note: waiting: no: 1 of 9 pages is missing\nhugepool: no: 1 of 9 /)
  t.equal((await doctor('2M=8 --wait 2s')).status, 0)
})

/** A limit of the cgroup that is raised as soon as it was read so often, and how often it was. */
const raisedAfter = async (looks: number, wait: number) => {
  const limit = '/sys/fs/cgroup/up/hugetlb.2MB.max'
  let reads = 0
  const stage = { above: { pages: 3 } }
  const ports = portsOf({ ...openStage, ...stage }, 'anon')
  const { extra } = ports.kernel
  ports.kernel.onRead = (path) => {
    if (path !== limit) return
    reads += 1
    if (reads > looks) extra.set(limit, 'max\n')
  }
  const notes: string[] = []
  const note = (words: string): void => {
    notes.push(words)
  }
  const subject = { kind: 'self' } as const
  const request = { ...asked('2M=4'), subject, tries: false, wait }
  const { findings } = await answerRequest({ ...ports, note }, request)
  return { answer: predictionOf(findings), reads, notes, spent: ports.clock() }
}

t.test('it ends as soon as the answer is yes, and says once what is waited for', async (t) => {
  const words =
    'waiting: no: the cgroup /up allows 8M (hugetlb.2MB.max) and has 2M: too little to touch them'
  t.strictSame(await raisedAfter(1, 60_000), { answer: 'yes', reads: 2, notes: [], spent: 200 })
  t.strictSame(await raisedAfter(9, 60_000), {
    answer: 'yes',
    reads: 10,
    notes: [words],
    spent: 1800,
  })
  t.strictSame(await raisedAfter(9, 1000), { answer: 'no', reads: 6, notes: [], spent: 1000 })
})

t.test('nothing is tried after a signal that ended the wait', async (t) => {
  const ports = portsOf(openStage, 'anon')
  const request = { ...asked('2M=9'), subject: { kind: 'self' } as const }
  const resultOf = async (signal: 'SIGINT' | undefined) => {
    const watchSignals = () => ({ pending: () => signal })
    const found = await answerRequest({ ...ports, watchSignals }, { ...request, wait: 1000 })
    return [found.signal, found.trial !== undefined || found.untried !== undefined]
  }
  t.strictSame(await resultOf('SIGINT'), ['SIGINT', false])
  t.strictSame(await resultOf(undefined), [undefined, true])
})

t.test('doctor needs to know what about', async (t) => {
  const { status, stderr } = await doctor('--fork')
  t.equal(status, 2)
  t.match(stderr, '--fork needs an ASSIGNMENT')
})
