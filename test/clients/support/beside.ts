import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { snapshot } from '../../live/support/live.ts'
import { setPoolAlone, smallest } from '../../live/support/machine.ts'
import { mountsBelow, umount } from '../../live/support/mounts.ts'
import { hugepool } from '../../live/support/program.ts'

/** A program that hugepool stands beside. Its status says nothing: it is 0 for what failed. */
export const incumbent =
  (program: string) =>
  (words: string): { readonly out: string; readonly err: string } => {
    const { error, stdout, stderr } = spawnSync(program, words.split(' '), { encoding: 'utf8' })
    if (error) throw error
    return { out: stdout, err: stderr }
  }

/** Where hugeadm mounts. */
export const mountTop = '/var/lib/hugetlbfs'

const transparent = '/sys/kernel/mm/transparent_hugepage'

const minFree = '/proc/sys/vm/min_free_kbytes'

const settings: readonly string[] = [
  '/proc/sys/vm/hugetlb_shm_group',
  minFree,
  '/proc/sys/kernel/shmmax',
  `${transparent}/enabled`,
  `${transparent}/khugepaged/pages_to_scan`,
  `${transparent}/khugepaged/scan_sleep_millisecs`,
  `${transparent}/khugepaged/alloc_sleep_millisecs`,
]

const settingsNow = (): Readonly<Record<string, string>> =>
  Object.fromEntries(settings.map((path) => [path, readFileSync(path, 'utf8').trim()]))

/** What is to be written so that a file says this again: of several words the one in brackets. */
const written = (text: string): string => /\[(.*)\]/.exec(text)?.[1] ?? text

/** A mount of the smallest pages below: where, its options, and owner and mode of its root. */
const mountsNow = (below: string): readonly string[] =>
  mountsBelow(below)
    .filter((line) => line.includes(`pagesize=${smallest / 2 ** 20}M`))
    .map((line) => {
      const [where = '', options = ''] = line.split(' - ')
      const target = where.split(' ')[4] ?? ''
      const { uid, gid, mode } = statSync(target)
      // hugeadm changes owner and mode afterwards; hugepool has the kernel do it.
      const limits = (options.split(' ')[2] ?? '')
        .split(',')
        .filter((option) => !/^(?:uid|gid|mode)=/.test(option))
      return [target, limits, uid, gid, (mode & 0o7777).toString(8)].join(' ')
    })

/** What can be seen of the machine after a line of either program. */
const look = (below: string) => ({
  pools: snapshot(),
  settings: settingsNow(),
  mounts: mountsNow(below),
})

type Look = ReturnType<typeof look>

interface Start {
  /** Pages that the pool has before. */
  readonly pages?: number
  /** The directory in which something may be mounted, and whose mounts are looked at. */
  readonly below?: string
  /** What is done before either of both. */
  readonly prepare?: () => unknown
}

/** Does something, says how the machine is then, and puts everything back. */
const afterwards = async (
  { pages = 0, below = mountTop, prepare }: Start,
  act: () => unknown,
): Promise<Look> => {
  setPoolAlone(smallest, pages)
  const before = settingsNow()
  // A number that was written stays when THP is switched (calculate_min_free_kbytes in
  // mm/page_alloc.c), and it is written back after the first of both.
  writeFileSync(minFree, before[minFree] ?? '')
  const hadTop = existsSync(mountTop)
  try {
    await prepare?.()
    await act()
    return look(below)
  } finally {
    for (const line of mountsBelow(below).toReversed()) umount(line.split(' ')[4] ?? '')
    if (!hadTop) rmSync(mountTop, { recursive: true, force: true })
    const now = settingsNow()
    for (const [path, text] of Object.entries(before))
      if (now[path] !== text) writeFileSync(path, written(text))
    setPoolAlone(smallest, 0)
  }
}

/** How the machine is after words of another tool, and after those of hugepool, in one line or several. */
export const bothAfter = async (
  theirs: () => unknown,
  here: string | readonly string[],
  start: Start = {},
): Promise<{ readonly incumbent: Look; readonly ours: Look; readonly said: string }> => {
  const incumbent = await afterwards(start, theirs)
  let said = ''
  const ours = await afterwards(start, async () => {
    for (const line of [here].flat()) {
      const { status, err } = await hugepool(...line.split(' '))
      said += status === 0 ? '' : `${status}: ${err}`
    }
  })
  return { incumbent, ours, said }
}
