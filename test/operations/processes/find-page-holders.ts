import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { whoSchema } from '../../../src/output/schemas/who-schema.ts'
import { hugeDirectory } from '../../helpers/huge-directory.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines } from '../../helpers/on-fake.ts'
import { M } from '../../helpers/sizes.ts'

/** A page of a driver at an address, as maps and as smaps show it. */
const pageOf = (inode: number, path = '/pages', device = '00:7a') =>
  `7f0000000000-7f0000200000 rw-s 00000000 ${device} ${inode}    ${path}`

/** A process with these descriptors that has one page mapped. */
const addHolder = (proc: string, pid: number, line: string, open: readonly string[] = []) => {
  const directory = join(proc, `${pid}`)
  mkdirSync(join(directory, 'fd'), { recursive: true })
  writeFileSync(
    join(directory, 'status'),
    lines(`Name:\tdriven${pid}`, 'VmSize:\t9 kB', 'HugetlbPages:\t2048 kB'),
  )
  writeFileSync(join(directory, 'maps'), lines(line))
  writeFileSync(
    join(directory, 'smaps'),
    lines(line, 'KernelPageSize:     2048 kB', 'VmFlags: rd wr sh ht '),
  )
  open.forEach((path, at) => {
    symlinkSync(path, join(directory, `fd/${at + 3}`))
  })
}

const machine = (t: Test) => {
  const scene = hugeDirectory(t, [])
  addHolder(scene.proc, 7, pageOf(5), ['/dev/zero', '/dev/null'])
  // It has closed the device since.
  addHolder(scene.proc, 8, pageOf(5))
  addHolder(scene.proc, 9, pageOf(6), ['/dev/zero'])
  addHolder(scene.proc, 10, pageOf(7, '/memfd:x (deleted)'), ['/dev/full', '/etc/passwd'])
  return scene
}

t.test('who maps the pages of a driver, by a device that is open', async (t) => {
  const { run } = machine(t)
  const pidsOf = async (path: string) => {
    const { status, stdout } = await run(`who --path ${path} -rno PID,NAME`)
    return [status, stdout]
  }
  t.strictSame(await pidsOf('/dev/null'), [0, '7 /pages\n8 /pages\n'])
  t.strictSame(await pidsOf('/dev/zero'), [0, '7 /pages\n8 /pages\n9 /pages\n'])
})

t.test('a device that nobody is seen to map', async (t) => {
  const { run } = machine(t)
  for (const path of ['/dev/full', '/dev/random'])
    t.strictSame(await run(`who --path ${path}`), {
      status: 4,
      stdout: '',
      stderr: lines(
        `hugepool: ${path}: nobody is seen who has this device open and maps huge pages of a driver; of a mapping alone the kernel does not show the device`,
        "hint: 'hugepool who --all' shows the mappings of every driver",
      ),
    })
  t.hasStrict(await run('who --mount /dev/null'), {
    status: 2,
    stderr: lines(
      'hugepool: /dev/null: it is not on a hugetlbfs',
      "hint: 'hugepool mount DIR --pagesize SIZE --mkdir'",
      "try 'hugepool who --help'",
    ),
  })
})

t.test('cgroups whose limits keep pages from their processes', async (t) => {
  const { run, kernel } = machine(t)
  const groups = {
    '/proc/self/cgroup': '0::/\n',
    '/proc/7/cgroup': '0::/a\n',
    '/sys/fs/cgroup/cgroup.subtree_control': 'hugetlb\n',
    '/sys/fs/cgroup/a/hugetlb.2MB.max': '0\n',
    '/sys/fs/cgroup/a/hugetlb.2MB.current': '0\n',
    '/sys/fs/cgroup/b/hugetlb.2MB.rsvd.max': '4194304\n',
    '/sys/fs/cgroup/b/hugetlb.2MB.rsvd.current': '4194304\n',
  }
  for (const [path, text] of Object.entries(groups)) kernel.extra.set(path, text)
  kernel.map(2n * M, 1n).touch(1n)
  const hintsOf = async (words: string) =>
    (await run(`who ${words}`)).stderr.split('\n').filter((line) => line.includes('the cgroup '))
  const reserve =
    "hint: 2M: the cgroup /b allows 4M (hugetlb.2MB.rsvd.max) and has 4M: its processes cannot reserve another page, though 7 pages are available: 'echo 6291456 > /sys/fs/cgroup/b/hugetlb.2MB.rsvd.max' lets them have one more"
  t.strictSame(await hintsOf('2M'), [reserve])
  t.strictSame(await hintsOf('--path /dev/null'), [])
  t.strictSame(await hintsOf('--pid 7'), [
    "hint: 2M: the cgroup /a allows 0 (hugetlb.2MB.max) and has 0: its processes end with SIGBUS at the next page that they touch, though 7 pages are available: 'echo 2097152 > /sys/fs/cgroup/a/hugetlb.2MB.max' lets them have one more",
  ])
  const { stdout } = await run('who --json')
  t.strictSame(whoSchema.parse(parseExact(stdout)).pools[0]?.limits, [
    {
      group: '/b',
      file: 'hugetlb.2MB.rsvd.max',
      stops: 'reserve',
      max: 4n * M,
      current: 4n * M,
    },
  ])
  kernel.map(2n * M, 7n).touch(7n)
  t.strictSame(await hintsOf('2M'), [], 'no page is available anyhow')
})

t.test(
  'cgroups that have more pages than their processes, where some are unexplained',
  async (t) => {
    const { run, kernel } = machine(t)
    const root = '/sys/fs/cgroup'
    const files = {
      '/proc/self/cgroup': '0::/\n',
      '/proc/9/cgroup': '0::/vm.service\n',
      [`${root}/cgroup.subtree_control`]: 'hugetlb\n',
      [`${root}/vm.service/hugetlb.2MB.current`]: `${8n * M}\n`,
    }
    for (const [path, text] of Object.entries(files)) kernel.extra.set(path, text)
    const charged = async (...words: readonly string[]) => {
      const { stdout, stderr } = await run(['who', '--json', ...words].join(' '))
      return {
        charged: whoSchema.parse(parseExact(stdout)).pools[0]?.charged,
        told: stderr.split('\n').filter((line) => line.includes('counted against')),
      }
    }
    t.strictSame(await charged(), { charged: undefined, told: [] }, 'all is explained')
    kernel.map(2n * M, 8n).touch(8n)
    t.strictSame(await charged(), {
      charged: [{ group: '/vm.service', container: 'vm.service', pages: 4n, seen: 0n }],
      told: [
        'hint: 2M: 4 pages are counted against the cgroup /vm.service (vm.service), whose processes are seen to have 0: the others may be in files that stay, or among those that nobody explains',
      ],
    })
    const { stderr } = await run('who --path /dev/zero')
    t.notMatch(stderr, 'counted against', 'only where nothing narrows the look')
  },
)
