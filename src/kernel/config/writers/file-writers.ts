import { asOverridden, foundIn } from '../../../model/config/writers/found-writers.ts'
import type {
  FoundWriter,
  WritableFacts,
  WriterSource,
} from '../../../model/config/writers/writer.ts'
import {
  dpdkLines,
  pfRingLines,
  rebootLines,
  scriptLines,
  sysfsLines,
  tmpfilesLines,
  type WrittenLine,
  xmrigLines,
} from '../../../model/config/writers/writer-lines.ts'
import { isPathPattern } from '../../../model/config/writers/written-paths.ts'
import { fragmentPaths } from '../../etc/fragment-files.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader, WriterText } from './writer-texts.ts'

type ReadLines = (text: string) => readonly WrittenLine[]

interface TmpfilesLine extends WrittenLine {
  readonly file: string
}

/** Returns the lines that are the first for their paths. */
const firsts = (lines: readonly TmpfilesLine[]): ReadonlySet<TmpfilesLine> =>
  new Set(new Map(lines.toReversed().map((each) => [each.path, each])).values())

/**
 * Returns what tmpfiles.d writes. Of two lines for one path the first counts. All lines with
 * patterns are written, after those with paths (systemd-tmpfiles(8)). Overridden lines come first.
 */
const tmpfilesWriters = (
  tree: Tree,
  { read, list }: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const lines = fragmentPaths(tree, 'tmpfiles.d', (_, directory) => list(directory))
    .flatMap(read)
    .flatMap(({ file, text }) => tmpfilesLines(text).map((each) => ({ ...each, file })))
  const inLines = (some: readonly TmpfilesLine[]) =>
    some.flatMap(({ file, ...line }) =>
      foundIn({ source: 'tmpfiles', file, when: 'after' }, [line], facts),
    )
  const plain = lines.filter(({ path = '' }) => !isPathPattern(path))
  const first = firsts(plain)
  const others = facts.overridden ? plain.filter((each) => !first.has(each)) : []
  return [
    ...inLines(others).flatMap(asOverridden),
    ...inLines(plain.filter((each) => first.has(each))),
    ...inLines(lines.filter(({ path = '' }) => isPathPattern(path))),
  ]
}

/** Returns the last line for each path, because a shell assigns a variable anew in every line. */
const lastOfPath = (lines: readonly WrittenLine[]): readonly WrittenLine[] =>
  lines.filter(({ path }, index) => lines.findLastIndex((other) => other.path === path) === index)

const cronDirectories = ['/etc/cron.d', '/var/spool/cron/crontabs', '/var/spool/cron']

/** The files of each source and how their lines are read, in the order of a start. */
const sources: readonly (readonly [
  source: WriterSource,
  files: (reader: WriterReader) => readonly WriterText[],
  lines: ReadLines,
])[] = [
  ['dpdk', ({ read }) => read('/etc/dpdk/dpdk.conf'), (text) => lastOfPath(dpdkLines(text))],
  [
    'sysfs',
    ({ read, readAll }) => [...read('/etc/sysfs.conf'), ...readAll('/etc/sysfs.d', /\.conf$/)],
    sysfsLines,
  ],
  ['pf-ring', ({ read }) => read('/etc/pf_ring/hugepages.conf'), pfRingLines],
]

/** The files of programs that set pools once the machine is up, after all that a start runs. */
const lateSources: typeof sources = [
  [
    'libvirt',
    ({ list, readAll }) => [
      ...readAll('/etc/libvirt/hooks'),
      ...list('/etc/libvirt/hooks')
        .filter((name) => name.endsWith('.d'))
        .flatMap((name) => readAll(`/etc/libvirt/hooks/${name}`)),
    ],
    scriptLines,
  ],
  ['proxmox', ({ readAll }) => readAll('/etc/pve/qemu-server', /\.conf$/), scriptLines],
  [
    'xmrig',
    ({ read }) => [
      ...read('/etc/xmrig/config.json'),
      ...read('/etc/xmrig.json'),
      ...read('/opt/xmrig/config.json'),
      ...read('/root/.xmrig.json'),
      ...read('/root/.config/xmrig.json'),
    ],
    xmrigLines,
  ],
  [
    'rc-local',
    ({ read, readAll }) => [
      ...read('/etc/rc.local'),
      ...read('/etc/rc.d/rc.local'),
      ...readAll('/etc/local.d', /\.start$/),
    ],
    scriptLines,
  ],
  [
    'cron',
    ({ read, readAll }) => [
      ...read('/etc/crontab'),
      ...cronDirectories.flatMap((directory) => readAll(directory)),
    ],
    rebootLines,
  ],
  [
    'cloud-init',
    ({ read, readAll }) => [
      ...read('/etc/cloud/cloud.cfg'),
      ...readAll('/etc/cloud/cloud.cfg.d', /\.cfg$/),
      ...read('/var/lib/cloud/instance/user-data.txt'),
      ...readAll('/var/lib/cloud/instance/scripts'),
    ],
    scriptLines,
  ],
]

/** The sources that set nothing but pools. They are not read where no pool is looked for. */
const ofPoolsAlone: readonly WriterSource[] = ['dpdk', 'pf-ring', 'proxmox', 'xmrig']

const writersIn = (
  all: typeof sources,
  reader: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] =>
  all
    .filter(([source]) => facts.sizes.length > 0 || !ofPoolsAlone.includes(source))
    .flatMap(([source, files, lines]) =>
      files(reader).flatMap(({ file, text }) =>
        foundIn({ source, file, when: 'after' }, lines(text), facts),
      ),
    )

/** Finds what programs of a start set from their own files after hugepool's service. */
export const startWriters = (
  tree: Tree,
  reader: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => [
  ...tmpfilesWriters(tree, reader, facts),
  ...writersIn(sources, reader, facts),
]

const locks = '/var/lock'
const proxmoxLock = 'hugepages.lck'

/** Finds the lock that Proxmox VE makes once a guest gets pages (PVE/QemuServer/Memory.pm). */
const proxmoxWriters = ({ list }: WriterReader): readonly FoundWriter[] =>
  list(locks).includes(proxmoxLock)
    ? [{ source: 'proxmox', file: `${locks}/${proxmoxLock}`, when: 'after' }]
    : []

/** Finds what sets huge pages once the machine is up. */
export const lateWriters = (reader: WriterReader, facts: WritableFacts): readonly FoundWriter[] => [
  ...proxmoxWriters(reader),
  ...writersIn(lateSources, reader, facts),
]
