import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { filesBelow, run, treeCopy } from '../../helpers/run.ts'

/** A machine whose 2M pool has 36 of 96 persistent pages left, with directories to mount on. */
const directory = treeCopy(t, 'two-nodes')
for (const path of ['mnt/empty', 'mnt/full/below', 'mnt/twice', 'mnt/huge1g', 'etc', 'srv/vm'])
  mkdirSync(join(directory, path), { recursive: true })
writeFileSync(join(directory, 'mnt/file'), '')
writeFileSync(join(directory, 'etc/passwd'), 'dpdk:x:64055:108::/:\n')
writeFileSync(join(directory, 'etc/group'), 'huge:x:108:\n')
const tree = directoryTree(directory)

const mount = (words: string) => run(['mount', ...words.split(' ')], { tree })

const dryRun = async (words: string): Promise<string> => {
  const { status, stdout, stderr } = await mount(`${words} --dry-run`)
  t.strictSame({ status, stderr }, { status: 0, stderr: '' }, words)
  return stdout
}

const before = filesBelow(directory)

t.test('the command line that does the same', async (t) => {
  const usual = 'mount -t hugetlbfs -o nosuid,nodev,uid=0,gid=0,mode=0755'
  t.equal(await dryRun('/mnt/empty'), `${usual},pagesize=2M none /mnt/empty\n`)
  t.equal(await dryRun('/mnt/empty/'), `${usual},pagesize=2M none /mnt/empty\n`)
  t.equal(
    await dryRun('/mnt/empty --size 25% --min-size 2M --nr-inodes 9 --pagesize 2M'),
    `${usual},nr_inodes=9,pagesize=2M,size=50331648,min_size=2097152 none /mnt/empty\n`,
  )
  t.equal(
    await dryRun('/mnt/empty --uid dpdk --gid huge --mode 770 --options suid,noexec'),
    'mount -t hugetlbfs -o nodev,noexec,uid=64055,gid=108,mode=0770,pagesize=2M none /mnt/empty\n',
  )
  t.equal(
    await dryRun('/mnt/new/here --mkdir --pagesize 1G'),
    `mkdir /mnt/new\nmkdir /mnt/new/here\n${usual},pagesize=1G none /mnt/new/here\n`,
  )
  t.equal(await dryRun('/mnt/full --over'), `${usual},pagesize=2M none /mnt/full\n`)
  t.equal(
    await dryRun('/srv/vm --remount --options rw'),
    'mount -o remount,rw,nosuid,nodev,noexec /srv/vm\n',
  )
})

t.test('amounts that are no whole pages are rounded where that is asked for', async (t) => {
  const limited = (limits: string) =>
    `${'mount -t hugetlbfs -o nosuid,nodev,uid=0,gid=0,mode=0755'},pagesize=2M,${limits} none /mnt/empty\n`
  for (const [words, limits] of [
    ['--size 551M --round up', `size=${552 * 2 ** 20}`],
    ['--size 551M --round down', `size=${550 * 2 ** 20}`],
    ['--options size=551M --round up', `size=${552 * 2 ** 20}`],
    ['--size 578813952 --min-size 3M --round up', `size=578813952,min_size=${4 * 2 ** 20}`],
    ['--size 1 --round up', `size=${2 * 2 ** 20}`],
    ['--size 50% --round up', `size=${48 * 2 * 2 ** 20}`],
  ] as const)
    t.equal(await dryRun(`/mnt/empty ${words}`), limited(limits), words)
})

const wrong: readonly (readonly [words: string, status: number, said: string])[] = [
  ['/mnt/empty --size 1x', 2, "'1x' is not a limit"],
  ['/mnt/empty --size 3M', 2, '--size 3M: not a whole number of 2M pages'],
  [
    '/mnt/empty --min-size 5M --size 3M',
    2,
    '--size 3M: not a whole number of 2M pages; --min-size 5M: not a whole number of 2M pages',
  ],
  ['/mnt/empty --min-size 4M --size 2M', 2, '--min-size 4M is more than --size 2M'],
  [
    '/mnt/empty --nr-inodes 1',
    2,
    "'1' is too few: the root directory takes one file; the least is 2",
  ],
  ['/mnt/empty --mode 4755', 2, "'4755' has bits that hugetlbfs does not keep"],
  ['/mnt/empty --uid nobody', 2, "there is no user 'nobody' in /etc/passwd"],
  ['/mnt/empty --gid 4294967295', 2, "'4294967295' is not the number of a group"],
  ['/mnt/empty --options size=3M', 2, '--size 3M: not a whole number of 2M pages'],
  ['/mnt/empty --options size', 2, "'size' is not a flag"],
  ['/mnt/empty --options constructor', 2, "'constructor' is not a flag"],
  ['/mnt/empty --pagesize 64K', 4, '64K'],
  ['/mnt/empty --size 1M --round down', 2, '--size 1M is less than a page of 2M'],
  ['/mnt/empty --size 0 --round up', 2, '--size 0 is less than a page of 2M'],
  ['/mnt/empty --size 3M --round off', 2, '--round is one of up, down'],
  ['/mnt/empty --size 0', 2, '--size 0 is less than a page of 2M'],
  ['/mnt/empty --size 1%', 1, '--size: 1% of the 96 persistent pages of 2M is less than a page'],
  ['/mnt/empty --min-size 1G', 1, '--min-size takes 512 pages of 2M, but 82 are available'],
  ['/mnt/missing', 1, '/mnt/missing: no such directory'],
  ['/mnt/file', 1, '/mnt/file: is not a directory'],
  ['/mnt/file/below --mkdir', 1, 'not a directory'],
  ['/mnt/full', 1, '/mnt/full: the directory is not empty'],
  [
    '/mnt/huge1g --pagesize 2M',
    1,
    '/mnt/huge1g: is mounted with other options: pagesize: 1G instead of 2M',
  ],
  [
    '/mnt/twice --min-size 4M',
    1,
    '/mnt/twice: is mounted with other options: min_size: 8M instead of 4M',
  ],
  ['/srv/vm --remount --size 2G', 1, '/srv/vm: a remount does not change --size: mount anew'],
  ['/mnt/empty --remount', 1, '/mnt/empty: no hugetlbfs is mounted there'],
  ['/', 4, '/: cannot be mounted over'],
]

t.test('what is wrong is said before anything is touched', async (t) => {
  for (const [words, status, said] of wrong) {
    const result = await mount(words)
    t.hasStrict(result, { status, stdout: '' }, words)
    t.ok(result.stderr.includes(said), `${words}: ${result.stderr}`)
    t.strictSame(await mount(`${words} --dry-run`), result, 'a dry run says the same')
  }
  t.strictSame(await run(['mount', ''], { tree }), {
    status: 2,
    stdout: '',
    stderr: "hugepool: '' is not a directory\ntry 'hugepool mount --help'\n",
  })
  t.match(await run(['mount'], { tree }), { status: 2, stderr: /mount needs an operand: DIR/ })
})

t.test('what is there already is not mounted again', async (t) => {
  const line = '/mnt/huge1g --pagesize 1G --size 4G --min-size 1G --nr-inodes 64 --mode 0770'
  const { status, stdout, stderr } = await mount(`${line} --uid dpdk --gid huge --json`)
  const already = 'hugepool: note: /mnt/huge1g: already mounted with these options\n'
  t.strictSame({ status, stderr }, { status: 0, stderr: already })
  t.hasStrict(JSON.parse(stdout), { outcome: 'unchanged', mounts: [{ target: '/mnt/huge1g' }] })
  t.strictSame(await mount(`${line} --uid dpdk --gid huge --dry-run`), {
    status: 0,
    stdout: '',
    stderr: 'hugepool: note: nothing to do\n',
  })
})

t.test('what is hidden is not what a path leads to', async (t) => {
  const { status, stderr } = await mount('/run/app/huge --dry-run')
  t.equal(status, 1)
  t.match(stderr, '/run/app/huge: no such directory', 'the tmpfs above it has none')
})

t.test('on a recorded machine nothing is mounted', async (t) => {
  for (const words of ['/mnt/empty', '/mnt/new --mkdir', '/srv/vm --remount --options rw'])
    t.match(await mount(words), { status: 4, stderr: /is not the running kernel: no native calls/ })
  t.strictSame(filesBelow(directory), before)
})
