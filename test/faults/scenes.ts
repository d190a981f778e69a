/** Where a scene begins, and the command that is tried there. */
export interface Scene {
  readonly name: string
  readonly words: readonly string[]
  /** Values of files below /sys/kernel/mm/hugepages; those that are not named are 0. */
  readonly pools?: Readonly<Record<string, string>>
  /** Files that are there, by their paths; a directory ends with a slash. */
  readonly files?: Readonly<Record<string, string>>
  /** Programs that are run before, such as mount(8). */
  readonly lines?: readonly (readonly string[])[]
  /** Whether the command has no document. */
  readonly noJson?: true
  /** Whether it asks for something that can be done once only: it begins anew the second time. */
  readonly once?: true
  /** Whether it starts programs of others, whose own calls do not fail. */
  readonly starts?: true
}

const small = 'hugepages-2048kB/nr_hugepages'
const smallOver = 'hugepages-2048kB/nr_overcommit_hugepages'
const large = 'hugepages-1048576kB/nr_hugepages'
const place = '/mnt/huge'
const places = { [`${place}/`]: '' }
const hugetlbfs = ['mount', '-t', 'hugetlbfs', '-o', 'pagesize=2M', 'faults', place]

/** A recorded machine of two nodes without surplus pages, whose files take every value. */
const recorded = '/tmp/recorded'
const onNodes = {
  lines: [
    ['cp', '-a', 'test/fixtures/trees/two-nodes', recorded],
    [
      'sh',
      '-c',
      'for each in $(find "$0" -name surplus_hugepages); do echo 0 >"$each"; done',
      recorded,
    ],
  ],
}

const poolScenes: readonly Scene[] = [
  { name: 'resize-grow', words: ['resize', '2M=8'] },
  { name: 'resize-shrink', words: ['resize', '2M=2'], pools: { [small]: '8' } },
  { name: 'resize-node', words: ['resize', '2M=0:8'] },
  { name: 'resize-two', words: ['resize', '2M=8', '1G=0'], pools: { [large]: '1' } },
  { name: 'resize-all', words: ['resize', '2M=8', '--all-or-nothing'] },
  { name: 'resize-compact', words: ['resize', '2M=8', '--compact'] },
  { name: 'resize-policy', words: ['resize', '2M=8', '--mempolicy', 'bind:0'] },
  {
    name: 'nodes',
    words: ['resize', '2M=0:72,1:40', '1G=1:2', '--sysroot', recorded],
    ...onNodes,
  },
  {
    name: 'nodes-all',
    words: ['resize', '2M=0:60,1:40', '--all-or-nothing', '--sysroot', recorded],
    ...onNodes,
  },
  { name: 'overcommit', words: ['overcommit', '2M=8'] },
  { name: 'demote', words: ['demote', '1G=1'], pools: { [large]: '1' }, once: true },
  { name: 'list', words: ['list', '-N'], pools: { [small]: '8', [smallOver]: '3' } },
  { name: 'mounts', words: ['mounts'], files: places, lines: [hugetlbfs] },
]

const hugepool = [process.execPath, 'bin/hugepool.js']
const ready = { [small]: '8' }
const mounted = { files: places, lines: [hugetlbfs], pools: ready }
const configured = `version = 1

[pools.2M]
pages = 8
overcommit = 2

[mounts."${place}"]
page-size = "2M"
`
const configuration = { ...places, '/etc/hugepool.toml': configured }

/** A systemd that runs, and the programs of which programs/ has copies that do without it. */
const systemd = { '/run/systemd/system/': '' }

/** GRUB as Debian has it. */
const grub = {
  '/boot/grub/': '',
  '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
}

const mountScenes: readonly Scene[] = [
  { name: 'mount', words: ['mount', place], files: places },
  {
    name: 'mount-make',
    words: ['mount', `${place}/a/b`, '--mkdir', '--min-size', '4M'],
    pools: ready,
  },
  { name: 'mount-fstab', words: ['mount', place, '--persist', 'fstab'], files: places },
  {
    name: 'mount-unit',
    words: ['mount', place, '--persist', 'systemd'],
    files: { ...places, ...systemd },
  },
  { name: 'mount-config', words: ['mount', place, '--persist', 'config'], files: places },
  { name: 'umount', words: ['umount', place], ...mounted, once: true },
  {
    name: 'umount-fstab',
    words: ['umount', place, '--persist'],
    files: places,
    lines: [[...hugepool, 'mount', place, '--persist', 'fstab']],
    once: true,
  },
  {
    name: 'umount-unit',
    words: ['umount', place, '--persist'],
    files: { ...places, ...systemd },
    lines: [[...hugepool, 'mount', place, '--persist', 'systemd']],
    once: true,
  },
  {
    name: 'umount-config',
    words: ['umount', place, '--persist'],
    files: places,
    lines: [[...hugepool, 'mount', place, '--persist', 'config']],
    once: true,
  },
]

const pageScenes: readonly Scene[] = [
  { name: 'test-anon', words: ['test', '2M=4'], pools: ready },
  { name: 'test-file', words: ['test', '2M=4', '--via', 'file', '--verify'], ...mounted },
  { name: 'test-memfd', words: ['test', '2M=4', '--via', 'memfd', '--populate'], pools: ready },
  { name: 'test-shm', words: ['test', '2M=4', '--via', 'shm'], pools: ready },
  {
    name: 'test-processes',
    words: ['test', '2M=4', '--via', 'memfd', '--processes', '2'],
    pools: ready,
  },
  { name: 'test-fork', words: ['test', '2M=2', '--private', '--fork'], pools: ready },
  {
    name: 'files-clean',
    words: ['files', '--clean', '--yes', '--older', '0s'],
    ...mounted,
    lines: [hugetlbfs, ['fallocate', '-l', '4M', `${place}/left`]],
  },
  {
    name: 'cp',
    words: ['cp', '/tmp/source', `${place}/copy`],
    ...mounted,
    files: { ...places, '/tmp/source': 'a page and more '.repeat(150_000) },
    once: true,
  },
]

const lastingScenes: readonly Scene[] = [
  { name: 'apply', words: ['apply'], files: configuration },
  { name: 'check', words: ['check'], files: { '/etc/hugepool.toml': 'version = 1\n' } },
  { name: 'export', words: ['export', '--all'], ...mounted },
  { name: 'resize-persist', words: ['resize', '2M=8', '--persist'] },
  { name: 'overcommit-persist', words: ['overcommit', '2M=8', '--persist'] },
  { name: 'tune', words: ['tune', 'shm-group=7'] },
  { name: 'tune-persist', words: ['tune', 'shm-group=7', '--persist'] },
  { name: 'service', words: ['service', 'install'] },
  {
    name: 'service-remove',
    words: ['service', 'remove'],
    lines: [[...hugepool, 'service', 'install']],
  },
  { name: 'service-reload', words: ['service', 'install'], starts: true, files: systemd },
  {
    name: 'service-forget',
    words: ['service', 'remove'],
    starts: true,
    files: systemd,
    lines: [[...hugepool, 'service', 'install']],
  },
  { name: 'timer', words: ['service', 'metrics', 'install'], starts: true, files: systemd },
  {
    name: 'timer-remove',
    words: ['service', 'metrics', 'remove'],
    starts: true,
    files: systemd,
    lines: [[...hugepool, 'service', 'metrics', 'install']],
  },
  {
    name: 'boot',
    words: ['boot', '2M=8', '--install'],
    starts: true,
    files: grub,
    lines: [['update-grub']],
  },
  {
    name: 'boot-remove',
    words: ['boot', '--remove'],
    starts: true,
    files: grub,
    lines: [['update-grub'], [...hugepool, 'boot', '2M=8', '--install']],
  },
]

const readingScenes: readonly Scene[] = [
  { name: 'who', words: ['who'], ...mounted },
  { name: 'files', words: ['files'], ...mounted },
  { name: 'watch', words: ['watch', '--count', '1'], pools: ready, noJson: true },
  { name: 'doctor', words: ['doctor', '2M=4'], pools: ready },
  { name: 'metrics', words: ['metrics'], ...mounted, noJson: true },
  {
    name: 'metrics-file',
    words: ['metrics', '--output', '/tmp/a.prom'],
    pools: ready,
    noJson: true,
  },
]

/** All commands that change something, and those that read; a sample takes of each its part. */
export const scenes: readonly Scene[] = [
  ...poolScenes,
  ...mountScenes,
  ...pageScenes,
  ...lastingScenes,
  ...readingScenes,
]
