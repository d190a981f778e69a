import t, { type Test } from 'tap'
import { failureFacts, HugepoolError } from '../../../src/errors.ts'
import type { ProgramAnswer } from '../../../src/kernel/run-program.ts'
import type { DoctorRequest, DoctorSubject } from '../../../src/model/doctor/doctor-request.ts'
import type { ProcessIdentity } from '../../../src/model/processes/process-identity.ts'
import { findSubject } from '../../../src/operations/doctor/find-subject.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

type Files = Readonly<Record<string, string>>

const status = (id: number, nodes: string): string =>
  [
    'Name:\tx',
    `Uid:\t${id}\t${id}\t${id}\t${id}`,
    `Gid:\t${id + 1}\t${id + 1}\t${id + 1}\t${id + 1}`,
    `Groups:\t${id + 2} `,
    `VmSize:\t${id} kB`,
    'CapEff:\t0000000000000000',
    'CapBnd:\t00000000000000ff',
    `Mems_allowed_list:\t${nodes}`,
    '',
  ].join('\n')

const limit = (bytes: number): string =>
  `Max locked memory         ${bytes}                 unlimited            bytes\n`

const second = (group: string) => ({ target: '/sys/fs/cgroup', root: '/', group })
const first = (group: string) => ({ target: '/sys/fs/cgroup/hugetlb', root: '/', group })

/** This process, process 77, and the cgroups of both. */
const files: Files = {
  '/proc/self/status': status(1000, '0-1'),
  '/proc/self/limits': limit(1),
  '/proc/self/cgroup': '4:hugetlb:/old\n0::/up/own\n',
  '/proc/self/mountinfo':
    '21 20 0:21 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n' +
    '22 20 0:22 / /sys/fs/cgroup/hugetlb rw - cgroup cgroup rw,hugetlb\n',
  '/proc/77/status': status(70, '1'),
  '/proc/77/comm': 'db\n',
  '/proc/77/limits': limit(2),
  '/proc/77/cgroup': '0::/db\n',
  '/proc/77/maps': 'a\nb\n',
  '/proc/77/numa_maps': '7fff bind:1 stack anon=1\n',
  '/sys/fs/cgroup/cgroup.procs': '',
  '/sys/fs/cgroup/db/cgroup.procs': '',
  '/sys/fs/cgroup/db/low/cgroup.procs': '',
  '/sys/fs/cgroup/db.slice/cgroup.procs': '',
  '/sys/fs/cgroup/hugetlb/old/cgroup.procs': '',
  '/etc/passwd': 'root:x:0:0::/:/bin/sh\npg:x:70:71::/:/bin/sh\n',
  '/etc/group': 'root:x:0:\npg:x:71:\nhuge:x:50:pg\nother:x:60:\n',
}

const identityOf = (id: bigint) => ({
  user: id,
  group: id + 1n,
  groups: [id + 2n],
  capabilities: 0n,
  ofMachine: true,
})

const own = {
  subject: { words: '', process: 'self', hasBorrowedLimits: false },
  groups: { second: second('/up/own'), first: first('/old'), hasMemory: false },
  identity: identityOf(1000n),
  limits: { memlock: 1n },
  space: { mapped: 1000n * 1024n },
  allowedNodes: [0, 1],
}

const of77 = {
  subject: { words: ' for process 77 (db)', process: '77', hasBorrowedLimits: false },
  pid: 77,
  groups: { second: second('/db'), first: undefined, hasMemory: false },
  identity: identityOf(70n),
  limits: { memlock: 2n },
  space: { mapped: 70n * 1024n, mappings: 2n },
  allowedNodes: [1],
  policy: { words: 'bind:1', policy: { mode: 'bind', nodes: [1] } },
}

/** A machine of which some files are others, and what its systemctl answers. */
const machine = (t: Test, more: Files = {}, answer?: Partial<ProgramAnswer>) => {
  const root = temporary(t)
  scratch(root, { ...files, ...more })
  const asked: (readonly string[])[] = []
  const run = async (words: readonly string[]): Promise<ProgramAnswer> => {
    asked.push(words)
    return { status: 0, stdout: '', stderr: '', ...answer }
  }
  const ports = { ...portsOn(root), ...(answer && { run }) }
  const find = (subject: DoctorSubject, as: Partial<DoctorRequest> = {}) =>
    findSubject(ports, { subject, ...as } as DoctorRequest)
  return { asked, find }
}

type Finding = Promise<unknown>

/** What is said instead of a subject. */
const said = (finding: Finding) =>
  finding.then(
    () => 'found',
    (error) => {
      if (!(error instanceof HugepoolError)) throw error
      return failureFacts(error)
    },
  )

const self: DoctorSubject = { kind: 'self' }
const pid = (number: number): DoctorSubject => ({ kind: 'pid', pid: number })
const cgroup = (path: string): DoctorSubject => ({ kind: 'cgroup', path })
const unit: DoctorSubject = { kind: 'unit', name: 'db.service' }

t.test('this process, with and without a hierarchy that is shown', async (t) => {
  t.strictSame(await machine(t).find(self), own)
  const root = temporary(t)
  scratch(root, { '/proc/self/status': status(1000, '0-1') })
  t.strictSame(await findSubject(portsOn(root), { subject: self } as DoctorRequest), {
    ...own,
    groups: { second: undefined, first: undefined, hasMemory: false },
    limits: {},
  })
})

t.test('another process, whose groups may not be shown', async (t) => {
  const { find } = machine(t, { '/proc/78/status': 'Name:\tx\n' })
  t.strictSame(await find(pid(77)), of77)
  t.strictSame(await find(pid(78)), {
    subject: { words: ' for process 78 (?)', process: '78', hasBorrowedLimits: false },
    pid: 78,
    limits: {},
    space: {},
  })
  t.strictSame(await said(find(pid(79))), {
    code: 'E_USAGE',
    reason: 'wrong-words',
    message: 'there is no process 79',
  })
})

const inGroup = (path: string, group: string) => ({
  ...own,
  subject: { ...own.subject, words: ` in the cgroup ${path}` },
  groups: { second: second(group), first: undefined, hasMemory: false },
})

t.test('a cgroup, with the nodes of the nearest cpuset', async (t) => {
  const { find } = machine(t)
  t.strictSame(await find(cgroup('/db')), inGroup('/db', '/db'), 'no cpuset at all')
  const above = machine(t, {
    '/sys/fs/cgroup/cpuset.mems.effective': '0\n',
    '/sys/fs/cgroup/db/cpuset.mems.effective': '1\n',
    '/sys/fs/cgroup/db/low/cpuset.mems.effective': '\n',
  })
  t.strictSame(await above.find(cgroup('/sys/fs/cgroup/db/low')), {
    ...inGroup('/sys/fs/cgroup/db/low', '/db/low'),
    allowedNodes: [1],
  })
  t.strictSame((await above.find(cgroup('/db.slice'))).allowedNodes, [0])
})

t.test('a cpuset moves the policy of a process that enters it', async (t) => {
  const bound = { words: 'bind:1', policy: { mode: 'bind', nodes: [1] } }
  const found = async (text: string, nodes: string) => {
    const { find } = machine(t, {
      '/proc/self/numa_maps': `7fff ${text} stack anon=1\n`,
      '/sys/fs/cgroup/db/cpuset.mems.effective': `${nodes}\n`,
    })
    return (await find(cgroup('/db'))).policy
  }
  t.strictSame(await found('bind:1', '0-1'), bound)
  t.strictSame(await found('bind:1', '1'), {
    unseen: 'the cpuset of the cgroup moves the policy of this process to its own nodes',
  })
  t.strictSame(await found('default', '1'), { words: 'default' })
})

t.test('a cgroup of the first version, which tells no nodes', async (t) => {
  t.strictSame(await machine(t).find(cgroup('/old')), {
    ...inGroup('/old', '/old'),
    groups: { second: undefined, first: first('/old'), hasMemory: false },
  })
})

t.test('cpusets of the first version, with the controller of huge pages or apart', async (t) => {
  const lines = files['/proc/self/mountinfo'] ?? ''
  const apart = `${lines}23 20 0:23 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n`
  const nodes = async (path: string, more: Files) =>
    (await machine(t, { '/proc/self/mountinfo': apart, ...more }).find(cgroup(path))).allowedNodes
  const together = { '/sys/fs/cgroup/hugetlb/old/cpuset.effective_mems': '1\n' }
  t.strictSame(await nodes('/old', together), [1])
  const own = {
    '/sys/fs/cgroup/cpuset/db/cgroup.procs': '',
    '/sys/fs/cgroup/cpuset/db/cpuset.effective_mems': '\n',
    '/sys/fs/cgroup/cpuset/cpuset.effective_mems': '0\n',
  }
  t.strictSame(await nodes('/db', own), [0], 'of the group above')
  t.strictSame(await nodes('/db/low', own), [0, 1], 'the hierarchy has no such group')
  const both = { ...own, '/sys/fs/cgroup/cpuset.mems.effective': '1\n' }
  t.strictSame(await nodes('/db', both), [1], 'the second version comes first')
})

t.test('a cgroup that is not there', async (t) => {
  t.strictSame(await said(machine(t).find(cgroup('/gone'))), {
    code: 'E_USAGE',
    reason: 'no-file',
    message: "there is no cgroup '/gone'",
  })
})

t.test('a unit that runs is its process', async (t) => {
  const stdout = 'LoadState=loaded\nMainPID=77\nControlGroup=/db/low\nUser=root\n'
  const { find, asked } = machine(t, {}, { stdout })
  t.strictSame(await find(unit), {
    ...of77,
    subject: {
      words: ' in db.service',
      process: '77',
      hasBorrowedLimits: false,
      unit: 'db.service',
    },
  })
  t.strictSame(asked, [
    [
      'systemctl',
      'show',
      '-p',
      'LoadState,MainPID,ControlGroup,Slice,User,Group,SupplementaryGroups,DynamicUser,AmbientCapabilities,CapabilityBoundingSet,LimitMEMLOCKSoft,LimitFSIZESoft,LimitASSoft,LimitDATASoft,NUMAPolicy,NUMAMask',
      '--',
      'db.service',
    ],
  ])
})

const idle = 'LoadState=loaded\nMainPID=0\n'

/** The subject of a unit that does not run. */
const ofUnit = (group: string, id: string) => ({
  words: ' in db.service',
  process: 'self',
  hasBorrowedLimits: false,
  group: id,
  unit: 'db.service',
  second: second(group),
})

const found = async (t: Test, stdout: string, files: Readonly<Record<string, string>> = {}) => {
  const own = { '/proc/self/numa_maps': '7fff bind:1 stack anon=1\n', ...files }
  const { subject, groups, identity, limits, policy } = await machine(t, own, { stdout }).find(unit)
  return {
    subject: { ...subject, second: groups?.second },
    identity,
    limits,
    ...(policy && { policy }),
  }
}

t.test('a unit that does not run is judged by its settings, in its slice', async (t) => {
  const settings =
    'Slice=db.slice\nUser=pg\nGroup=other\nSupplementaryGroups=root 9\nLimitMEMLOCKSoft=7\n'
  t.strictSame(await found(t, `${idle}${settings}`), {
    subject: ofUnit('/db.slice', '60'),
    identity: {
      user: 70n,
      group: 60n,
      groups: [50n, 0n, 9n],
      capabilities: 0n,
      ofMachine: true,
    },
    limits: { memlock: 7n },
  })
  const bound = await found(t, `${idle}Slice=db.slice\nNUMAPolicy=bind\nNUMAMask=0\n`)
  t.strictSame(bound.policy, { words: 'bind:0', policy: { mode: 'bind', nodes: [0] } })
})

t.test('a unit that sets no memory policy has the one of systemd', async (t) => {
  const systemd = { '/proc/1/numa_maps': '7fff interleave:0-1 stack anon=1\n' }
  const words = async (stdout: string) => (await found(t, stdout, systemd)).policy
  t.hasStrict(await words(`${idle}NUMAPolicy=n/a\n`), { words: 'interleave:0-1' })
  t.hasStrict(await words(`${idle}NUMAPolicy=bind\nNUMAMask=0\n`), { words: 'bind:0' })
})

t.test('a unit without settings is root, in the group that it has or in that of all', async (t) => {
  const root = { user: 0n, group: 0n, groups: [], capabilities: 0xffn, ofMachine: true }
  t.strictSame(await found(t, `${idle}ControlGroup=/db/low\nSlice=db.slice\n`), {
    subject: ofUnit('/db/low', '0'),
    identity: root,
    limits: {},
  })
  t.strictSame(await found(t, `${idle}Slice=gone.slice\n`), {
    subject: ofUnit('/', '0'),
    identity: root,
    limits: {},
  })
})

t.test('the nearest group of a slice that is not there, in each hierarchy', async (t) => {
  const deep = `${idle}Slice=db-a-b.slice\n`
  t.strictSame((await found(t, deep)).subject.second, second('/db.slice'))
  const both = machine(
    t,
    {
      '/sys/fs/cgroup/hugetlb/cgroup.procs': '',
      '/sys/fs/cgroup/hugetlb/db.slice/db-a.slice/cgroup.procs': '',
    },
    { stdout: deep },
  )
  t.strictSame((await both.find(unit)).groups, {
    second: second('/db.slice'),
    first: first('/db.slice/db-a.slice'),
    hasMemory: false,
  })
  const memory = {
    '/proc/self/mountinfo':
      '21 20 0:21 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,memory_hugetlb_accounting\n',
  }
  t.equal((await machine(t, memory, { stdout: deep }).find(unit)).groups?.hasMemory, true)
})

t.test('the capabilities of a unit, and a user that is made up', async (t) => {
  const who = async (lines: string) => (await found(t, `${idle}${lines}`)).identity
  const as = (identity: Partial<ProcessIdentity>) => ({ groups: [], ofMachine: true, ...identity })
  const root = { user: 0n, group: 0n }
  const lock = 1n << 14n
  t.strictSame(
    await who('CapabilityBoundingSet=cap_dac_override cap_ipc_lock\n'),
    as({ ...root, capabilities: 2n }),
    'root has not what nobody has here',
  )
  t.strictSame(await who('CapabilityBoundingSet=\n'), as({ ...root, capabilities: 0n }))
  const pg = { user: 70n, group: 71n, groups: [50n] }
  const ambient = 'User=pg\nAmbientCapabilities=cap_ipc_lock\n'
  t.strictSame(await who(ambient), as({ ...pg, capabilities: lock }))
  t.strictSame(
    await who(`${ambient}CapabilityBoundingSet=cap_dac_override\n`),
    as({ ...pg, capabilities: 0n }),
  )
  const own = { user: 61184n, group: 61184n, capabilities: 0n }
  t.strictSame(await who('DynamicUser=yes\nUser=db\nGroup=db\n'), as(own))
  t.strictSame(await who('DynamicUser=yes\nUser=db\nGroup=other\n'), as({ ...own, group: 60n }))
})

t.test('units that cannot be asked about', async (t) => {
  t.strictSame(await said(machine(t).find(unit)), {
    code: 'E_UNSUPPORTED',
    reason: 'recording',
    message: 'no unit of a recorded machine can be asked',
  })
  t.strictSame(await said(machine(t, {}, { status: 1, stderr: ' no bus\n' }).find(unit)), {
    code: 'E_UNSUPPORTED',
    reason: 'no-systemd',
    message: 'systemctl does not tell of db.service: no bus',
  })
  const missing = machine(t, {}, { stdout: 'LoadState=not-found\n' })
  t.strictSame(await said(missing.find(unit)), {
    code: 'E_USAGE',
    reason: 'no-file',
    message: "there is no unit 'db.service'",
  })
})

t.test('another user and another group, there', async (t) => {
  const { find } = machine(t)
  const pg = { ...identityOf(70n), groups: [50n] }
  t.strictSame(await find(self, { user: 'pg' }), {
    ...own,
    identity: pg,
    subject: { words: ' as pg', process: 'self', hasBorrowedLimits: true, group: '71' },
  })
  t.strictSame(await find(pid(77), { group: 'other' }), {
    ...of77,
    identity: { ...of77.identity, group: 60n },
    subject: {
      ...of77.subject,
      words: ' in the group other for process 77 (db)',
      group: '60',
    },
  })
  t.strictSame((await find(self, { user: 'pg', group: 'other' })).identity, { ...pg, group: 60n })
})
