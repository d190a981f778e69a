import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withMountWords } from '../../../src/cli/options/mount-words.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { run, treeCopy } from '../../helpers/run.ts'

const read = (options: string, values: Readonly<Record<string, string>> = {}) => {
  const words = { operands: ['/mnt'], values: { ...values, options }, switches: new Set<string>() }
  const { values: found, switches } = withMountWords(words)
  return { ...found, switches: [...switches] }
}

t.test('words of mount(8) become the options that they mean', async (t) => {
  t.strictSame(read('ro,noexec'), { options: 'ro,noexec', switches: [] })
  t.strictSame(read('defaults'), { options: '', switches: [] })
  t.strictSame(read('remount,ro'), { options: 'ro', switches: ['remount'] })
  t.strictSame(read('pagesize=1G,ro,size=4G,min_size=2G,nr_inodes=9,mode=770,uid=5,gid=dpdk'), {
    pagesize: '1G',
    size: '4G',
    'min-size': '2G',
    'nr-inodes': '9',
    mode: '770',
    uid: '5',
    gid: 'dpdk',
    options: 'ro',
    switches: [],
  })
})

t.test('without --options the words stay as they are', async (t) => {
  const words = { operands: ['/mnt'], values: { size: '4M' }, switches: new Set<string>() }
  t.equal(withMountWords(words), words)
})

t.test('the same twice is no contradiction', async (t) => {
  t.equal(read('pagesize=1024M', { pagesize: '1G' }).switches.length, 0)
  t.equal(read('size=50%,size=50%').switches.length, 0)
  t.equal(read('mode=0770', { mode: '770' }).switches.length, 0)
})

const contradictions: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['pagesize=1G', { pagesize: '2M' }, '--pagesize 2M and --options pagesize=1G'],
  ['min_size=2M', { 'min-size': '4M' }, '--min-size 4M and --options min_size=2M'],
  ['size=4M', { size: '50%' }, '--size 50% and --options size=4M'],
  ['nr_inodes=4', { 'nr-inodes': '5' }, '--nr-inodes 5 and --options nr_inodes=4'],
  ['mode=770', { mode: '700' }, '--mode 700 and --options mode=770'],
  ['uid=5', { uid: 'dpdk' }, '--uid dpdk and --options uid=5'],
  ['size=4M,size=8M', {}, '--options size=4M and --options size=8M'],
]

for (const [options, values, both] of contradictions)
  t.test(`a contradiction names both: ${both}`, async (t) => {
    t.throws(() => read(options, values), {
      code: 'E_USAGE',
      message: `${both} contradict each other`,
      hint: 'give one of them',
    })
  })

t.test('what mount(8) takes makes the mount that it means', async (t) => {
  const directory = treeCopy(t, 'two-nodes')
  mkdirSync(join(directory, 'mnt'), { recursive: true })
  const tree = directoryTree(directory)
  const lines = async (words: string) => {
    const { status, stdout, stderr } = await run(['mount', ...words.split(' '), '--dry-run'], {
      tree,
    })
    return status === 0 ? stdout : stderr.split('\n')[0]
  }
  const usual = 'mount -t hugetlbfs -o nosuid,nodev,uid=0,gid=0,mode=0755'
  t.equal(
    await lines('/mnt --options pagesize=1G,size=4G'),
    `${usual},pagesize=1G,size=4294967296 none /mnt\n`,
  )
  for (const words of [
    '/mnt --options defaults',
    '-t hugetlbfs none /mnt',
    '-t hugetlbfs /mnt',
    '--types hugetlbfs nodev /mnt',
  ])
    t.equal(await lines(words), `${usual},pagesize=2M none /mnt\n`, words)
  t.equal(await lines('none /mnt'), "hugepool: '/mnt' is one word too many for mount")
  t.equal(await lines('-t hugetlbfs /a /mnt'), "hugepool: '/mnt' is one word too many for mount")
  t.equal(await lines('-t tmpfs none /mnt'), "hugepool: --types is one of hugetlbfs, not 'tmpfs'")
})

t.test('umount -l is --lazy', async (t) => {
  const lines = (words: string) =>
    run(['umount', '/srv/vm', words, '--dry-run'], { tree: 'two-nodes' })
  const short = await lines('-l')
  t.strictSame(short, await lines('--lazy'))
  t.match(short.stdout, /^umount -l /)
})
