import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { failureFacts } from '../../../src/errors.ts'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'
import { asOctets } from '../../../src/model/etc/octets.ts'
import type { MappingPlan } from '../../../src/model/mapping/mapping-plan.ts'
import type { HugetlbfsMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import type { FoundSubject } from '../../../src/operations/doctor/found-subject.ts'
import { gatherMountFacts, mountRoomOf } from '../../../src/operations/doctor/gather-mount-facts.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'
import { standIn } from '../../helpers/standing-in.ts'

const page = 2n * M

const line = (target: string, options = 'mode=1777', flags = 'rw', id = 30): string =>
  `${id} 20 0:${id} / ${target} ${flags} - hugetlbfs none rw,pagesize=2M,${options}\n`

/** A mount as it is read of such a line. */
const mountOf = (target: string, more: Partial<HugetlbfsMount> = {}): HugetlbfsMount => ({
  target,
  device: '0:30',
  source: 'none',
  pageSize: page,
  uid: 0,
  gid: 0,
  mode: '1777',
  options: 'rw,pagesize=2M,mode=1777',
  hidden: false,
  ...more,
})

const plan = (mount?: string, size = page): MappingPlan =>
  ({ size, ...(mount !== undefined && { mount }) }) as MappingPlan

const identity = { user: 70n, group: 71n, groups: [50n], capabilities: 0n, ofMachine: true }
const subject: FoundSubject = {
  subject: { words: '', process: 'self', hasBorrowedLimits: false },
  identity,
  limits: {},
  space: {},
}

/** A recording with mounts of this process, and of process 77. */
const recording = (t: Test, mountinfo: string, of77 = ''): Tree => {
  const root = temporary(t)
  scratch(root, { '/proc/self/mountinfo': mountinfo, '/proc/77/mountinfo': of77 })
  return directoryTree(root)
}

/** The running machine, with other mounts. */
const running = (mountinfo: string): Tree => ({
  ...directoryTree('/'),
  read: (path) => {
    if (path.endsWith('/mountinfo')) return asOctets(mountinfo)
    throw Object.assign(new Error(path), { code: 'ENOENT' })
  },
})

/** What is gathered, with an error as it is told. */
const gather = (tree: Tree, asked = plan(), found = subject, isCaller = false) => {
  const { error, ...facts } = gatherMountFacts(tree, asked, found, isCaller)
  return error === undefined ? facts : { ...facts, error: failureFacts(error) }
}

t.test('a recording: the mount with the owner and mode that it was made with', async (t) => {
  const options = 'uid=5,gid=6,mode=1750,nr_inodes=9'
  const mount = mountOf('/m', {
    uid: 5,
    gid: 6,
    mode: '1750',
    inodes: 9n,
    options: `rw,pagesize=2M,${options}`,
  })
  t.strictSame(gather(recording(t, line('/m', options))), {
    fit: [mount],
    chosen: {
      directory: '/m',
      mount,
      access: [{ path: '/m', user: 5n, group: 6n, mode: 0o750 }],
      inodes: 8n,
    },
  })
  const none = gather(recording(t, line('/m', 'nr_inodes=1,mode=1777')))
  t.strictSame(none.chosen?.inodes, 0n)
  const open = mountOf('/m')
  t.strictSame(gather(recording(t, line('/m'))).chosen, {
    directory: '/m',
    mount: open,
    access: [{ path: '/m', user: 0n, group: 0n, mode: 0o777 }],
  })
})

const notMounted = {
  code: 'E_UNSUPPORTED',
  reason: 'not-mounted',
  message: 'no hugetlbfs with pages of 1G is mounted',
  hint: "'hugepool mount DIR --pagesize 1G --mkdir' makes one; --via memfd needs none",
  hints: ["'hugepool mount DIR --pagesize 1G --mkdir' makes one; --via memfd needs none"],
}

t.test('nothing that fits, and a place where nothing is mounted', async (t) => {
  const tree = recording(t, line('/m'))
  t.strictSame(gather(tree, plan(undefined, 1024n * M)), { fit: [], error: notMounted })
  t.strictSame(gather(tree, plan('/elsewhere')), {
    fit: [mountOf('/m')],
    error: {
      code: 'E_USAGE',
      reason: 'not-mounted',
      message: '/elsewhere: no hugetlbfs is mounted there',
    },
  })
})

t.test('of several mounts the first in which files may be made', async (t) => {
  const chosen = (mountinfo: string, found = subject) =>
    gather(recording(t, mountinfo), plan(), found).chosen?.directory
  const closed = line('/closed', 'mode=0700', 'rw', 31)
  const readOnly = line('/ro', 'mode=1777', 'ro', 32)
  const group = line('/group', 'gid=50,mode=0770', 'rw', 33)
  t.equal(chosen(`${closed}${readOnly}${group}`), '/group')
  t.equal(chosen(`${closed}${line('/open')}`), '/open')
  t.equal(chosen(`${closed}${readOnly}`), '/closed', 'a closed one can be opened')
  t.equal(
    chosen(`${closed}${group}`, { ...subject, identity: { ...identity, groups: [] } }),
    '/closed',
  )
  const { identity: _, ...unseen } = subject
  t.equal(chosen(`${closed}${line('/open')}`, unseen), '/closed', 'nobody knows who it is')
  const hidden = `${line('/m', 'mode=0700')}31 30 0:31 / /m rw - tmpfs none rw\n`
  t.equal(chosen(`${hidden}${line('/open', 'mode=1777', 'rw', 40)}`), '/open')
  t.equal(
    chosen(
      `${closed.replaceAll('31', '50')}${line('/m', 'mode=0700')}${line('/m', 'mode=1777', 'rw', 31).replace('31 20', '31 30')}`,
    ),
    '/m',
    'by the mount that is seen there',
  )
})

t.test('the mounts of another process', async (t) => {
  const tree = recording(t, line('/m'), line('/other'))
  t.strictSame(gather(tree, plan(), { ...subject, pid: 77 }).fit, [mountOf('/other')])
})

/** The directory of a mount, and what stat(2) says of it and of those above it. */
const accessTo = (directory: string) => {
  const parts = directory.split('/')
  return parts.map((_, index) => {
    const path = parts.slice(0, parts.length - index).join('/') || '/'
    const { uid, gid, mode } = statSync(path)
    return { path, user: BigInt(uid), group: BigInt(gid), mode: mode & 0o777 }
  })
}

t.test('the running machine: what is there now', async (t) => {
  const root = temporary(t)
  const target = join(root, 'm')
  mkdirSync(target)
  chmodSync(target, 0o751)
  writeFileSync(join(target, 'a'), '')
  const options = 'mode=1777,nr_inodes=5'
  const tree = running(line(target, options))
  const mount = mountOf(target, { inodes: 5n, options: `rw,pagesize=2M,${options}` })
  const expected = {
    fit: [mount],
    chosen: { directory: target, mount, access: accessTo(target), inodes: 3n },
  }
  t.strictSame(gather(tree), expected)
  const below = gather(tree, plan(), { ...subject, pid: process.pid })
  t.strictSame(below, expected, 'through the root of a process')
  t.strictSame(
    gather(tree, plan(), { ...subject, pid: 2 ** 30 }),
    { fit: [mount], chosen: { directory: target, mount } },
    'a process that is gone',
  )
})

t.test('links of a typed path are followed, where they are those of this process', async (t) => {
  const root = temporary(t)
  const target = join(root, 'm')
  const link = join(root, 'link')
  mkdirSync(join(target, 'sub'), { recursive: true })
  symlinkSync(target, link)
  const tree = running(line(target))
  const directory = (typed: string, found = subject) => {
    const facts = gather(tree, plan(typed), found)
    return facts.chosen?.directory ?? facts
  }
  t.strictSame(directory(`${link}/sub`), `${target}/sub`)
  t.strictSame(directory(`${target}/gone`), `${target}/gone`, 'a path that leads nowhere')
  const refusal = {
    fit: [mountOf(target)],
    error: {
      code: 'E_USAGE',
      reason: 'not-mounted',
      message: `${link}: no hugetlbfs is mounted there`,
    },
  }
  t.strictSame(directory(link, { ...subject, pid: process.pid }), refusal)
  const recorded = recording(t, line(target))
  t.strictSame(gather(recorded, plan(link)), refusal)
})

t.test('a fault that is no error of hugepool is thrown', async (t) => {
  const fault = new TypeError('a fault')
  const broken = {
    get size(): bigint {
      return page
    },
    get mount(): string {
      throw fault
    },
  } as MappingPlan
  t.throws(() => gatherMountFacts(recording(t, line('/m')), broken, subject, false), fault)
})

/** The room of a mount with options, which are those of a recording. */
const room = (tree: Tree, found = subject) =>
  mountRoomOf(tree, gatherMountFacts(tree, plan(), found, false), found)

t.test('a recording has the whole limit left', async (t) => {
  const of = (options: string) => room(recording(t, line('/m', `mode=1777${options}`)))
  t.strictSame(of(''), { target: '/m' })
  t.strictSame(of(',size=8388608'), { target: '/m', free: 4n * page })
  t.strictSame(of(',size=0'), { target: '/m', free: 0n })
  t.strictSame(of(',size=8388608,min_size=4194304'), {
    target: '/m',
    least: 2n * page,
    free: 4n * page,
  })
  t.strictSame(mountRoomOf(recording(t, ''), { fit: [] }, subject), undefined)
})

/** From now on the file system below a directory answers as a hugetlbfs with so many blocks. */
const asHugetlbfs = (t: Test, directory: string, blocks: bigint, bfree: bigint) => {
  const answer = { type: 0x958458f6n, bsize: page, blocks, bfree, files: -1n, ffree: -1n }
  const usual = standIn(t, {
    statfsSync: (path: string, options: never) =>
      [directory, `/proc/${process.pid}/root${directory}`].includes(path)
        ? answer
        : usual.statfsSync(path, options),
  })
}

t.test('the running machine tells what is left', async (t) => {
  const target = temporary(t)
  const tree = (options: string) => running(line(target, `mode=1777${options}`))
  t.strictSame(room(tree('')), { target })
  t.strictSame(room(tree(',size=8388608')), { target }, 'where it is not known')
  t.strictSame(room(tree(',size=0')), { target, free: 0n })
  asHugetlbfs(t, target, 4n, 3n)
  t.strictSame(room(tree(',size=8388608')), { target, free: 3n * page })
  t.strictSame(room(tree(',size=8388608'), { ...subject, pid: process.pid }), {
    target,
    free: 3n * page,
  })
  t.strictSame(room(tree(',size=8388608'), { ...subject, pid: 2 ** 30 }), { target }, 'gone')
})

t.test('what files occupy comes off the least size', async (t) => {
  const target = temporary(t)
  const tree = running(line(target, 'mode=1777,min_size=6291456'))
  t.strictSame(room(tree), { target, least: 3n * page })
  writeFileSync(join(target, 'a'), Buffer.alloc(Number(page), 1))
  t.strictSame(room(tree), { target, least: 2n * page })
  t.strictSame(room(tree, { ...subject, pid: process.pid }), { target, least: 2n * page })
  t.strictSame(room(tree, { ...subject, pid: 2 ** 30 }), { target, least: 3n * page }, 'gone')
  writeFileSync(join(target, 'b'), Buffer.alloc(Number(2n * page), 1))
  t.strictSame(room(tree), { target }, 'nothing is held any more')
  writeFileSync(join(target, 'c'), Buffer.alloc(Number(page), 1))
  t.strictSame(room(tree), { target }, 'they have more than that')
})

t.test('this process itself is asked about: access(2) says what it may', async (t) => {
  const open = temporary(t)
  const nowhere = `${open}/gone`
  const told = (target: string, isCaller: boolean) => {
    const tree = running(line(target))
    const { chosen: found } = gatherMountFacts(tree, plan(), { ...subject, limits: {} }, isCaller)
    return found?.mayWrite
  }
  t.equal(told(open, true), true)
  t.equal(told(nowhere, true), false)
  t.equal(told(open, false), undefined)
  t.equal(told(nowhere, false), undefined)
  const both = running(line(nowhere) + line(open))
  t.equal(gatherMountFacts(both, plan(), subject, true).chosen?.directory, open)
  const { identity: _, ...unknown } = subject
  t.equal(gatherMountFacts(both, plan(), unknown, true).chosen?.directory, open)
  const recorded = gatherMountFacts(recording(t, line('/m')), plan(), subject, true)
  t.equal(recorded.chosen?.mayWrite, undefined)
})
