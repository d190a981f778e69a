import t from 'tap'
import {
  type DesiredMount,
  differenceWords,
  fileSystemOptions,
  flagsOf,
  mountDifferences,
  mountLine,
} from '../../../src/model/mounts/desired-mount.ts'
import { type HugetlbfsMount, isUnderstood } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { parseHugetlbfsOptions } from '../../../src/model/mounts/hugetlbfs-options.ts'
import { G, M } from '../../helpers/sizes.ts'

const usual: DesiredMount = {
  target: '/mnt/huge',
  pageSize: 2n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  flags: ['nosuid', 'nodev'],
}

const full: DesiredMount = {
  ...usual,
  pageSize: G,
  size: 4n * G,
  minSize: 2n * G,
  inodes: 64n,
  uid: 64055,
  gid: 108,
  mode: '1770',
  flags: ['ro', 'noexec'],
}

/** A mount as the kernel shows it. */
const shown = (flags: string, options: string): HugetlbfsMount => {
  const { unclear, shares, ...parsed } = parseHugetlbfsOptions(options)
  const mount = {
    target: '/mnt/huge',
    device: '0:39',
    source: 'none',
    ...parsed,
    options: flags,
    hidden: false,
  }
  if (unclear.length > 0 || shares.length > 0 || !isUnderstood(mount)) throw new Error(options)
  return mount
}

t.test('options in the order in which the kernel shows them', async (t) => {
  t.strictSame(fileSystemOptions(usual), [
    ['uid', '0'],
    ['gid', '0'],
    ['mode', '0755'],
    ['pagesize', '2M'],
  ])
  t.strictSame(fileSystemOptions(full), [
    ['uid', '64055'],
    ['gid', '108'],
    ['mode', '1770'],
    ['nr_inodes', '64'],
    ['pagesize', '1G'],
    ['size', '4294967296'],
    ['min_size', '2147483648'],
  ])
})

t.test('the line for a shell', async (t) => {
  t.equal(
    mountLine(full),
    'mount -t hugetlbfs -o ro,noexec,uid=64055,gid=108,mode=1770,nr_inodes=64,pagesize=1G,size=4294967296,min_size=2147483648 none /mnt/huge',
  )
  t.match(mountLine({ ...usual, target: "/mnt/it's here" }), / none '\/mnt\/it'\\''s here'$/)
  t.match(mountLine({ ...usual, target: '/mnt/$HOME' }), / none '\/mnt\/\$HOME'$/)
  t.match(mountLine({ ...usual, flags: [] }), / -o uid=0,/)
})

t.test('flags among the options of a mount', async (t) => {
  t.strictSame(flagsOf(shown('rw,nosuid,nodev,relatime', 'pagesize=2M')), ['nosuid', 'nodev'])
  t.strictSame(flagsOf(shown('ro,relatime,noexec', 'pagesize=2M')), ['ro', 'noexec'])
})

t.test('what the kernel shows of a desired mount is no difference', async (t) => {
  t.strictSame(mountDifferences(usual, shown('rw,nosuid,nodev,relatime', 'pagesize=2M')), [])
  const options =
    'uid=64055,gid=108,mode=1770,nr_inodes=64,pagesize=1024M,size=4294967296,min_size=2147483648'
  t.strictSame(mountDifferences(full, shown('ro,noexec,relatime', options)), [])
  t.strictSame(
    mountDifferences({ ...usual, mode: '0007' }, shown('rw,nosuid,nodev', 'mode=7,pagesize=2M')),
    [],
  )
})

t.test('every difference has its words', async (t) => {
  t.strictSame(mountDifferences(full, shown('rw,nosuid', 'pagesize=2M')).map(differenceWords), [
    'pagesize: 2M instead of 1G',
    'size: - instead of 4G',
    'min_size: - instead of 2G',
    'nr_inodes: - instead of 64',
    'uid: 0 instead of 64055',
    'gid: 0 instead of 108',
    'mode: 0755 instead of 1770',
    'flags: nosuid instead of ro,noexec',
  ])
  t.strictSame(mountDifferences(usual, shown('rw', 'pagesize=2M,size=0')).map(differenceWords), [
    'size: 0 instead of -',
    'flags: - instead of nosuid,nodev',
  ])
})
