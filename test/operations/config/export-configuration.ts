import t from 'tap'
import { readMountTable } from '../../../src/kernel/mounts/hugetlbfs-mounts.ts'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { ConfiguredPages } from '../../../src/model/config/configuration.ts'
import { foreignOwner } from '../../../src/model/config/foreign-mounts.ts'
import { mountDifferences } from '../../../src/model/mounts/desired-mount.ts'
import { isUnderstood } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { desiredMount } from '../../../src/model/mounts/mount-request.ts'
import {
  type Counters,
  type Machine,
  memoryNodes,
  type Pool,
  persistent,
} from '../../../src/model/pools/machine.ts'
import { readText } from '../../helpers/config.ts'
import { parseExact } from '../../helpers/json.ts'
import { scratch } from '../../helpers/persist.ts'
import { run, treeCopy, treeNames, treeOf } from '../../helpers/run.ts'

t.test('a machine with two nodes, surplus pages and many mounts', async (t) => {
  t.strictSame(await run(['export'], { tree: 'two-nodes' }), {
    status: 0,
    stdout: `# what this machine has, as 'hugepool export' found it
# left out: 4 surplus pages of 2M: surplus goes by itself
# left out: the hugetlbfs on /dev/hugepages: systemd sees to it; --all has it
# left out: the hugetlbfs on /mnt/none: its limits are none that could be asked for
# left out: the hugetlbfs on /mnt/twice: another mount lies on it
# left out: the hugetlbfs on /run/app/huge: another mount lies on it
# left out: the hugetlbfs on /srv/vm: a directory of another hugetlbfs is bound there

version = 1

[pools.1G]
pages = "1:1"

[pools.2M]
pages = "0:64,1:32"
overcommit = 16

[mounts."/mnt/huge1g"]
page-size = "1G"
size = "4G"
min-size = "1G"
nr-inodes = 64
uid = 64055
gid = 108
mode = "0770"

[mounts."/mnt/twice"]
page-size = "2M"
min-size = "8M"
options = "suid,dev"

[mounts."/srv/größe a\\nb"]
page-size = "2M"
options = "suid,dev"
`,
    stderr: '',
  })
})

t.test('the mounts of others with --all, and the document', async (t) => {
  const { status, stdout, stderr } = await run(['export', '--all', '--json'], { tree: 'two-nodes' })
  const { text, configuration, leftOut } = parseExact(stdout) as {
    text: string
    configuration: { mounts: Record<string, unknown> }
    leftOut: readonly string[]
  }
  t.strictSame({ status, stderr, leftOut: leftOut.length }, { status: 0, stderr: '', leftOut: 5 })
  t.strictSame(configuration.mounts['/dev/hugepages'], { 'page-size': '2M', mkdir: true })
  t.match(text, '[mounts."/dev/hugepages"]\npage-size = "2M"\nmkdir = true\n')
})

t.test('the group for segments, and a demote size that is not usual', async (t) => {
  const root = treeCopy(t, 'arm64-4k')
  scratch(root, {
    '/proc/sys/vm/hugetlb_shm_group': '1000\n',
    '/proc/self/mountinfo': '',
    '/sys/kernel/mm/hugepages/hugepages-1048576kB/demote_size': '2048kB\n',
  })
  const { status, stdout, stderr } = await run(['export'], { tree: directoryTree(root) })
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
  t.strictSame(readText(stdout).tune, { shmGroup: '1000' })
  t.strictSame(
    readText(stdout).pools.map(({ demoteSize }) => demoteSize),
    [2097152n, undefined, undefined, undefined],
  )
  scratch(root, { '/proc/sys/vm/hugetlb_shm_group': '0\n' })
  t.notMatch((await run(['export'], { tree: directoryTree(root) })).stdout, 'tune')
})

t.test('what cannot be read is told, and the status is 64', async (t) => {
  const root = treeCopy(t, 'two-nodes')
  scratch(root, {
    '/proc/self/mountinfo':
      'garbage\n99 28 0:70 / /mnt/huge rw - hugetlbfs none rw,pagesize=2M,mode=9\n',
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': 'many\n',
  })
  const { status, stdout, stderr } = await run(['export'], { tree: directoryTree(root) })
  const pool =
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages: expected a number, found "many\\n"'
  const mount = 'options of the hugetlbfs on /mnt/huge are not understood: mode=9'
  t.strictSame(
    { status, stdout, stderr },
    {
      status: 64,
      stdout: `# what this machine has, as 'hugepool export' found it
# not read: ${pool}
# not read: ${mount}
# not read: a line of the mount table: "garbage"

version = 1

[pools.1G]
pages = "1:1"
`,
      stderr: [pool, mount, 'a line of the mount table: "garbage"']
        .map((words) => `hugepool: ${words}\n`)
        .join(''),
    },
  )
})

t.test('where mounts are not known the pools are told all the same', async (t) => {
  const { status, stdout } = await run(['export'], { tree: 'one-node' })
  t.equal(status, 64)
  t.match(stdout, '# not read: the mounts: /proc/self/mountinfo: is missing\n')
  t.match(stdout, '[pools.2M]\npages = 100\n')
})

t.test('a kernel without huge pages', async (t) => {
  const { status, stdout } = await run(['export'], { tree: 'no-hugetlb' })
  t.strictSame({ status, stdout }, { status: 4, stdout: '' })
})

/** The pages that a file says of a pool, in the form that they have to have on the machine. */
const pagesThere = (machine: Machine, pool: Pool): ConfiguredPages => {
  const pages = (counters: Counters) =>
    ({ kind: 'pages', sign: '', pages: persistent(counters) }) as const
  if (memoryNodes(machine).length < 2 || persistent(pool) === 0n)
    return { counts: pages(pool), atLeast: false }
  const nodes = pool.nodes.filter((node) => persistent(node) > 0n)
  return { counts: nodes.map((node) => ({ node: node.node, count: pages(node) })), atLeast: false }
}

for (const name of treeNames.filter((each) => each !== 'no-hugetlb')) {
  t.test(`the pools that are exported of ${name} are those that it has`, async (t) => {
    const machine = readMachine(treeOf(name))
    const { stdout } = await run(['export'], { tree: name })
    const { pools, tune, boot, leave } = readText(stdout)
    t.strictSame({ tune, boot, leave }, { tune: {}, boot: {}, leave: undefined })
    t.strictSame(
      pools.map(({ size, pages }) => ({ size, pages })),
      machine.pools
        .map((pool) => ({ size: pool.size, pages: pagesThere(machine, pool) }))
        .reverse(),
    )
    t.strictSame(
      pools.map(({ overcommit }) => (overcommit && 'pages' in overcommit ? overcommit.pages : 0n)),
      machine.pools.map(({ overcommit = 0n }) => overcommit).reverse(),
    )
  })

  t.test(`the mounts that are exported of ${name} are those that it has`, async (t) => {
    const { pools } = readMachine(treeOf(name))
    const { stdout } = await run(['export', '--all'], { tree: name })
    const { mounts } = readText(stdout)
    const known = !stdout.includes('not read: the mounts')
    const table = known ? readMountTable(treeOf(name)).mounts : []
    for (const { request } of mounts) {
      const shown = table.find(({ target, hidden }) => target === request.target && !hidden)
      if (shown === undefined || !isUnderstood(shown)) throw new Error(request.target)
      const { user = '0', group = '0' } = request
      const owner = { uid: Number(user), gid: Number(group) }
      t.strictSame(mountDifferences(desiredMount(request, owner, pools), shown), [])
    }
    const told = mounts.map(({ request }) => request.target)
    for (const { target } of table)
      t.ok(told.includes(target) || stdout.includes(`on ${target}: `), target)
  })
}

t.test('whose mounts are others', async (t) => {
  t.strictSame(
    ['/dev/hugepages', '/run/hugepages/kvm', '/var/lib/docker/x', '/dev/hugepages1G', '/mnt'].map(
      foreignOwner,
    ),
    ['systemd', 'the package of QEMU', 'Docker', undefined, undefined],
  )
})
