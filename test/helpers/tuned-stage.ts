import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { directoryTree, type Tree } from '../../src/kernel/tree.ts'
import { caught, type Result } from './caught.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { temporary } from './run.ts'

const thp = '/sys/kernel/mm/transparent_hugepage'
const khugepaged = `${thp}/khugepaged`
const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB'

/** A machine of 16 GiB with 64 pages of 2M, and every setting that Linux 6.18 has. */
export const tunedFiles: Readonly<Record<string, string>> = {
  '/proc/meminfo': 'MemTotal:       16777216 kB\nHugepagesize:       2048 kB\n',
  '/proc/zoneinfo': `Node 0, zone      DMA
  pages free     3840
        present  3998
Node 0, zone    DMA32
        present  782301
Node 0, zone   Normal
        present  3407872
Node 0, zone  Movable
        present  0
`,
  '/proc/sys/vm/hugetlb_shm_group': '0\n',
  '/proc/sys/kernel/shmmax': '33554432\n',
  '/proc/sys/kernel/shmall': '18446744073692774399\n',
  '/proc/sys/kernel/shmmni': '4096\n',
  '/proc/sys/vm/min_free_kbytes': '22528\n',
  '/proc/sys/vm/overcommit_memory': '0\n',
  '/proc/sys/vm/compaction_proactiveness': '20\n',
  '/proc/sys/vm/zone_reclaim_mode': '0\n',
  '/proc/sys/vm/hugetlb_optimize_vmemmap': '0\n',
  [`${thp}/hpage_pmd_size`]: '2097152\n',
  [`${thp}/enabled`]: 'always [madvise] never\n',
  [`${thp}/defrag`]: 'always defer defer+madvise [madvise] never\n',
  [`${thp}/shmem_enabled`]: 'always within_size advise [never] deny force\n',
  [`${thp}/hugepages-64kB/enabled`]: 'always inherit madvise [never]\n',
  [`${thp}/hugepages-2048kB/enabled`]: 'always [inherit] madvise never\n',
  [`${thp}/hugepages-8kB/shmem_enabled`]: 'always inherit within_size advise [never]\n',
  [`${khugepaged}/defrag`]: '1\n',
  [`${khugepaged}/pages_to_scan`]: '4096\n',
  [`${khugepaged}/scan_sleep_millisecs`]: '10000\n',
  [`${khugepaged}/alloc_sleep_millisecs`]: '60000\n',
  [`${khugepaged}/max_ptes_none`]: '511\n',
  [`${khugepaged}/max_ptes_swap`]: '64\n',
  [`${khugepaged}/max_ptes_shared`]: '256\n',
  [`${pool}/nr_hugepages`]: '64\n',
  [`${pool}/surplus_hugepages`]: '0\n',
  [`${pool}/nr_overcommit_hugepages`]: '0\n',
  '/etc/group': 'root:x:0:\noracle:x:54321:\n',
  '/run/systemd/system/.keep': '',
  '/etc/systemd/system/.keep': '',
}

/** What a write to a file of the kernel comes to, where it is not simply taken. */
export type Answer = { readonly errno: string } | { readonly becomes: string }

export interface TunedStage {
  readonly root: string
  /** Called before each write to the kernel, so that a test can change files in between. */
  onWrite: (() => void) | undefined
  /** The writes to the kernel: `/proc/sys/vm/hugetlb_shm_group=7`. */
  readonly writes: readonly string[]
  readonly run: (words: readonly string[]) => Promise<Result>
  readonly hugepool: (line: string) => Promise<Result>
  /** The text of a file; undefined where there is none. */
  readonly text: (path: string) => string | undefined
}

/** The bracket of a file of words stands around the one that is chosen, as the kernel writes it. */
const chosen = (before: string, value: string): string =>
  before.includes('[')
    ? before
        .replace(/[[\]]/g, '')
        .replace(new RegExp(`(^|\\s)${value.replace('+', '\\+')}(?=\\s)`), `$1[${value}]`)
    : `${value}\n`

/** The files of a machine, some of which are others or missing, and answers of its kernel. */
export const tunedStage = (
  t: Test,
  files: Readonly<Record<string, string | undefined>> = {},
  answers: Readonly<Record<string, Answer>> = {},
): TunedStage => {
  const root = temporary(t)
  for (const [path, text] of Object.entries({ ...tunedFiles, ...files }))
    if (text !== undefined) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  const writes: string[] = []
  const plain = directoryTree(root)
  const tree: Tree = {
    ...plain,
    write: (path, value) => {
      stage.onWrite?.()
      writes.push(`${path}=${value}`)
      const answer = answers[path]
      if (answer !== undefined && 'errno' in answer)
        throw systemError(answer.errno as Parameters<typeof systemError>[0], 'write', path)
      const becomes = answer?.becomes ?? value
      writeFileSync(join(root, path), chosen(plain.read(path), becomes))
    },
  }
  const run = (words: readonly string[]) =>
    caught(words, { outIsTerminal: false, errIsTerminal: false, environment: {} }, { tree })
  const stage: TunedStage = {
    root,
    onWrite: undefined,
    writes,
    run,
    hugepool: (line) => run(line.split(' ')),
    text: (path) => {
      try {
        return readFileSync(join(root, path), 'utf8')
      } catch {
        return undefined
      }
    },
  }
  return stage
}
