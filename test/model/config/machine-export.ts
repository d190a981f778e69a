import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { exportMachine, exportText } from '../../../src/model/config/machine-export.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine = machineOf([poolOf(2n * M, { total: 1n }), poolOf(G)], [nodeOf(0, G)])
const facts = { machine, mounts: [], unknownLines: [] }

t.test('pools, the largest first, and a group', async (t) => {
  const { configuration, leftOut, unread } = exportMachine({ ...facts, shmGroup: 5n }, false)
  t.strictSame(
    configuration.pools.map(({ size }) => size),
    [G, 2n * M],
  )
  t.strictSame([configuration.tune, leftOut, unread], [{ shmGroup: '5' }, [], []])
  t.strictSame(exportMachine({ ...facts, shmGroup: 0n }, false).configuration.tune, {})
  t.strictSame(exportMachine(facts, false).configuration.tune, {})
})

t.test('what could not be read', async (t) => {
  const error = new HugepoolError('E_KERNEL', 'not-understood', '/sys/x: is strange')
  const partly = { ...machine, unreadable: [{ size: 65536n, error }] }
  const inProc = machineOf([poolOf(2n * M, { onlyInProc: true })], [])
  t.strictSame(
    exportMachine({ ...facts, machine: partly, unknownLines: ['a"\n'] }, false, ['x']).unread,
    ['x', '/sys/x: is strange', 'a line of the mount table: "a\\"\\n"'],
  )
  t.strictSame(exportMachine({ ...facts, machine: inProc }, false).unread, [
    "sysfs is not mounted, so the default pool is all that can be seen; 'mount -t sysfs sysfs /sys' shows the rest",
  ])
})

t.test('a comment stays in its line', async (t) => {
  const configuration = { pools: [], mounts: [], boot: {}, tune: {} }
  t.equal(
    exportText({ configuration, leftOut: ['a\nb = 1', 'c'], unread: ['d\x7f'] }),
    `# what this machine has, as 'hugepool export' found it
# left out: a\\012b = 1
# left out: c
# not read: d\\177

version = 1
`,
  )
})
