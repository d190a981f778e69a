import { HugepoolError } from '../../errors.ts'
import { hintText } from '../etc/hint-text.ts'
import { shellWord } from '../etc/shell-word.ts'
import type { PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { hiddenProcessesWords } from './hidden-by.ts'
import {
  copiesOf,
  type Holder,
  type Holders,
  holderDocument,
  processesOf,
  type Unexamined,
  unexaminedDocument,
} from './umount-holder.ts'

/** The number of processes that are listed one by one. The rest is given as a count. */
export const mostLines = 10

/** The mount whose holders are listed. A mount that was removed has no target any more. */
export interface HeldMount {
  readonly pageSize: PageSize
  readonly target?: string
}

/** Returns a key that two holds share where they are of one file. */
const fileIn = ({ path, file }: Holder): string => (file ? `${file.inode}` : path)

/**
 * Returns the pages that one process keeps: those of each file, counted once, and its own copies.
 */
const pagesOfFiles = (holds: readonly Holder[], pageSize: PageSize): bigint => {
  const files = new Map(holds.map((hold) => [fileIn(hold), hold.file?.bytes ?? 0n]))
  const bytes = [...files.values()].reduce((sum, each) => sum + each, 0n)
  return bytes / pageSize + copiesOf(holds)
}

const isPosition = ({ holds }: Holder): boolean => holds === 'working directory' || holds === 'root'

/** Says which files one process holds: their number, or the path of the only one. */
const filesHeld = (holds: readonly Holder[]): readonly string[] => {
  const files = new Set(holds.map(fileIn))
  if (files.size > 1) return [plural(files.size, 'file')]
  const ways = [...new Set(holds.map((hold) => hold.holds))]
  return holds.slice(0, 1).map(({ path }) => `${ways.join(' and ')} ${path}`)
}

interface HoldingProcess {
  readonly words: string
  readonly pages: bigint
}

const holdingProcess = (holds: readonly Holder[], pageSize: PageSize): HoldingProcess => {
  const [{ pid, command }] = holds as readonly [Holder]
  const pages = pagesOfFiles(holds, pageSize)
  const positions = holds.filter(isPosition).map((hold) => `${hold.holds} ${hold.path}`)
  const files = filesHeld(holds.filter((hold) => !isPosition(hold)))
  const kept = pages > 0n ? [plural(pages, 'page')] : []
  const held = [...files, ...kept, ...new Set(positions)]
  return { words: `process ${pid} (${command}): ${held.join(', ')}`, pages }
}

/** Returns one entry for each process, those that keep most pages first. */
const holdingProcesses = (
  found: readonly Holder[],
  pageSize: PageSize,
): readonly HoldingProcess[] => {
  const byPid = new Map<number, Holder[]>()
  for (const hold of found) byPid.set(hold.pid, [...(byPid.get(hold.pid) ?? []), hold])
  return [...byPid.values()]
    .map((holds) => holdingProcess(holds, pageSize))
    .sort((a, b) => Number(b.pages - a.pages))
}

const moreWords = (more: number, { target }: HeldMount): string =>
  target === undefined
    ? `and ${more} more`
    : `and ${more} more, which 'hugepool who --mount ${shellWord(target)}' shows`

/** Only a few are listed, because a user without privilege can examine hardly any process. */
const mostUnexamined = 3

const unexaminedLines = (unexamined: readonly Unexamined[]): readonly string[] => {
  const more = unexamined.length - mostUnexamined
  return [
    ...unexamined
      .slice(0, mostUnexamined)
      .map(
        ({ pid, command, errno }) =>
          `process ${pid} (${command}) could not be looked into: ${errno}`,
      ),
    ...(more > 0 ? [`nor could ${plural(more, 'more process', 'more processes')}`] : []),
  ]
}

const unseenLines = ({ hidden, unlooked }: Holders): readonly string[] => [
  ...(hidden === undefined ? [] : [`it may be held by ${hiddenProcessesWords[hidden]}`]),
  ...(unlooked === undefined ? [] : [`who holds it is not known: ${unlooked}`]),
]

/** Lists the processes that hold a mount, one line each, and those that could not be examined. */
export const holderLines = (holders: Holders, mount: HeldMount): readonly string[] => {
  const { found, unexamined } = holders
  const processes = holdingProcesses(found, mount.pageSize)
  const more = processes.length - mostLines
  return [
    ...processes.slice(0, mostLines).map(({ words }) => words),
    ...(more > 0 ? [moreWords(more, mount)] : []),
    ...unexaminedLines(unexamined),
    ...unseenLines(holders),
  ]
}

const busyWords = ({ found, unlooked }: Holders): string => {
  const count = processesOf(found)
  if (unlooked !== undefined) return 'busy'
  if (count === 0) return 'busy, but no process was found that holds it'
  return `busy: ${plural(count, 'process', 'processes')} ${count === 1 ? 'holds' : 'hold'} it`
}

export const busySentence = (target: string, holders: Holders): string =>
  `${target}: ${busyWords(holders)}`

const lazyHint = '--lazy detaches it now; its pages return when the last process lets go'

/** Returns the error for a mount that cannot be removed because processes hold it. */
export const busyError = (target: string, holders: Holders, pageSize: PageSize): HugepoolError =>
  new HugepoolError(
    'E_KERNEL',
    'busy',
    busySentence(target, holders),
    hintText([...holderLines(holders, { pageSize, target }), lazyHint]),
    undefined,
    {
      holders: holders.found.map(holderDocument(pageSize)),
      ...unexaminedDocument(holders),
    },
  )
