import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { isShortage } from '../../src/kernel/errno.ts'
import { readSysctlFiles } from '../../src/kernel/etc/sysctl-files.ts'
import { leadsTo, masksUnit } from '../../src/kernel/etc/unit-files.ts'
import { openLocks } from '../../src/kernel/lock.ts'
import { readMountTable } from '../../src/kernel/mounts/hugetlbfs-mounts.ts'
import { readNamespaces } from '../../src/kernel/mounts/mount-device.ts'
import { filesIn } from '../../src/kernel/mounts/mount-files.ts'
import { meminfoFault } from '../../src/kernel/pools/meminfo.ts'
import { readPartialPool } from '../../src/kernel/pools/partial-pool.ts'
import { readPools } from '../../src/kernel/pools/pools.ts'
import { readProcessName } from '../../src/kernel/process-list.ts'
import { readHugeUsers } from '../../src/kernel/processes/huge-users.ts'
import { newScan } from '../../src/kernel/processes/scan/new-scan.ts'
import { scanDescriptors } from '../../src/kernel/processes/scan/scan-descriptors.ts'
import { scanOwnMounts } from '../../src/kernel/processes/scan/scan-mounts.ts'
import { readProcesses, scanOthers } from '../../src/kernel/processes/scan/scan-processes.ts'
import { directoryTree, isLive, type Tree } from '../../src/kernel/tree.ts'
import { answering } from '../helpers/failing-files.ts'
import { fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../helpers/fake-native.ts'
import { global2M } from '../helpers/on-fake.ts'
import { temporary } from '../helpers/run.ts'
import { M } from '../helpers/sizes.ts'

const size = 2n * M

/** A kernel with a process of huge pages. With `live` it counts as the running one. */
const machine = (live = false): Tree => {
  const kernel = fakeKernel({ pools: [{ size, persistent: { 0: 4n } }] })
  kernel.extra.set('/proc/7/status', 'Name:\tapp\nHugetlbPages:\t    4096 kB\n')
  return live ? { ...kernel, root: '/' } : kernel
}

/** The kernel with one file that answers so. */
const failing = (tree: Tree, path: string, code: string): Tree => ({
  ...tree,
  read: (asked) => {
    if (asked === path) throw Object.assign(new Error(code), { code })
    return tree.read(asked)
  },
})

/** A /proc with one process, which has a file without a name open. */
const procIn = (directory: string): string => {
  const proc = join(directory, 'proc')
  for (const id of ['7', 'self']) {
    mkdirSync(join(proc, id, 'ns'), { recursive: true })
    mkdirSync(join(proc, id, 'fd'))
    symlinkSync(`mnt:[${id}]`, join(proc, id, 'ns/mnt'))
    symlinkSync('/memfd:x (deleted)', join(proc, id, 'fd/3'))
    symlinkSync('/x (deleted)', join(proc, id, 'fd/4'))
    for (const name of ['comm', 'mountinfo', 'maps']) writeFileSync(join(proc, id, name), 'x\n')
    writeFileSync(join(proc, id, 'status'), 'Name:\tx\nVmSize:\t4 kB\n')
  }
  return proc
}

const mounted = (directory: string): Tree => {
  const line = `30 1 0:39 / ${directory} rw - hugetlbfs none rw,pagesize=2M\n`
  const tree = machine(true)
  return {
    ...tree,
    read: (path) => (path.endsWith('mountinfo') ? (line as never) : tree.read(path)),
  }
}

type Reader = readonly [name: string, file: string, read: (tree: Tree) => unknown]

/** Readers of the seam: each with the file that answers. */
const ofTree: readonly Reader[] = [
  ['pool', `${global2M}/nr_hugepages`, (tree) => readPools(tree, true)],
  ['part of a pool', `${global2M}/nr_hugepages`, (tree) => readPartialPool(tree, { size }, [])],
  ['/proc/meminfo', '/proc/meminfo', meminfoFault],
  ['process', '/proc/7/status', (tree) => readHugeUsers(tree, undefined)],
]

const scanAt = (directory: string) =>
  newScan({ ...machine(true), proc: procIn(directory) }, undefined)

const lookAtProcesses = (directory: string): void => {
  const scan = scanAt(directory)
  const processes = readProcesses(scan)
  scanOthers(scan, processes)
  scanDescriptors(scan, processes)
}

type Place = readonly [name: string, file: string, read: (directory: string) => unknown]

const locks = (directory: string) =>
  openLocks(nativeWith({}), [{ path: join(directory, 'lock'), isMade: false }])

/** Readers of files themselves, below a directory that stands for what they look at. */
const ofFiles: readonly Place[] = [
  ['name of a process', 'proc/7/comm', (at) => readProcessName(procIn(at), '7')],
  ['processes', 'proc/7/status', (at) => readProcesses(scanAt(at))],
  ['mappings of a process', 'proc/7/maps', lookAtProcesses],
  ['open files', 'proc/7/fd', lookAtProcesses],
  ['one open file', 'proc/7/fd/3', lookAtProcesses],
  ['mount of an open file', 'proc/7/fdinfo/4', lookAtProcesses],
  ['namespace', 'proc/7/ns/mnt', (at) => readNamespaces(procIn(at))],
  ['mounts of a namespace', 'proc/7/mountinfo', (at) => readNamespaces(procIn(at))],
  ['files of a mount', 'mount', (at) => filesIn(join(at, 'mount'), size)],
  ['limit of a mount', 'mount', (at) => readMountTable(mounted(join(at, 'mount')))],
  [
    'files that hold pages',
    'mount',
    (at) => scanOwnMounts(newScan(mounted(join(at, 'mount')), undefined)),
  ],
  ['lock', 'lock', locks],
  ['mask of a unit', 'x.mount', (at) => masksUnit(directoryTree(at), '/x.mount')],
  ['link of a unit', 'x', (at) => leadsTo(directoryTree(at), '/x/y')],
  ['settings at a start', 'etc/sysctl.conf', (at) => readSysctlFiles(directoryTree(at))],
  ['running kernel', 'sys', (at) => isLive(directoryTree(at))],
]

const place = (t: Test): string => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'mount'))
  mkdirSync(join(directory, 'etc'))
  for (const name of ['x.mount', 'etc/sysctl.conf']) writeFileSync(join(directory, name), 'x')
  for (const name of ['x', 'sys']) mkdirSync(join(directory, name))
  return directory
}

const outcome = (read: () => unknown): unknown => {
  try {
    return ['nothing is thrown', read()]
  } catch (error) {
    return isShortage(error) ? 'thrown as a shortage' : error
  }
}

for (const code of ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'])
  t.test(`nothing is taken for unreadable, missing or idle because of ${code}`, async (t) => {
    for (const [name, file, read] of ofTree)
      t.equal(
        outcome(() => read(failing(machine(), file, code))),
        'thrown as a shortage',
        name,
      )
    for (const [name, file, read] of ofFiles)
      await t.test(name, async (t) => {
        const directory = place(t)
        answering(t, join(directory, file), code)
        t.equal(
          outcome(() => read(directory)),
          'thrown as a shortage',
        )
      })
  })
