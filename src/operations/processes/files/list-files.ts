import { unsupported } from '../../../errors.ts'
import { readMountinfoLines, withMountinfo } from '../../../kernel/mounts/mountinfo.ts'
import type { Native } from '../../../kernel/native/native.ts'
import type { LeaseNeed } from '../../../kernel/processes/files/file-lease.ts'
import { readFileLocks } from '../../../kernel/processes/files/file-locks.ts'
import { keysBelow } from '../../../kernel/processes/files/keys-below.ts'
import { tryLease } from '../../../kernel/processes/files/look-at-file.ts'
import { isLive } from '../../../kernel/tree.ts'
import { pathPrefix } from '../../../model/etc/path-parts.ts'
import { type FileProgram, programOf } from '../../../model/processes/files/file-program.ts'
import { stateOf } from '../../../model/processes/files/file-state.ts'
import type { HugeFile } from '../../../model/processes/files/huge-file.ts'
import {
  nodesByFile,
  type UsersByFile,
  usersByFile,
} from '../../../model/processes/files/users-of-file.ts'
import {
  type FileStatus,
  type FoundFile,
  type FoundPages,
  seesAll,
} from '../../../model/processes/who/found-pages.ts'
import { deviceIn, type FileKey } from '../../../model/processes/who/page-hold.ts'
import { type Unseen, unseenIn } from '../../../model/processes/who/unseen.ts'
import type { Pages } from '../../../model/words/count.ts'
import { present } from '../../../model/words/present.ts'
import { type AccountPorts, accountForPages, nativeIfThere } from '../account-for-pages.ts'

export interface FilesRequest {
  /** Files and directories on hugetlbfs; empty for everything that can be reached. */
  readonly paths: readonly string[]
}

export interface FilesResult {
  /** In the order of their paths. */
  readonly files: readonly HugeFile[]
  /** Whether only some places were asked for. */
  readonly isNarrow: boolean
  readonly unseen: Unseen
}

/** What the looks at the whole machine found. */
interface FoundOnMachine {
  readonly found: FoundPages
  readonly users: UsersByFile
  readonly nodes: ReturnType<typeof nodesByFile>
  readonly locks: ReadonlySet<FileKey>
  /** Absent without the addon. */
  readonly native: Native | undefined
  /** Whether the pool of the file has no reserved pages at all. */
  readonly unreserved: (file: FoundFile) => boolean
}

const pathBelow = ({ path, target = '/' }: FoundFile): string =>
  path.slice(pathPrefix(target).length + 1)

/**
 * Returns 0 where it is certain that a file has no reservations, because it has all its pages or
 * its pool has none; undefined otherwise.
 */
const reservedFor = (
  findings: FoundOnMachine,
  file: FoundFile,
  { size, pages }: FileStatus,
): Pages | undefined => (pages * file.size >= size || findings.unreserved(file) ? 0n : undefined)

/**
 * Asks for a lease, which also tells of files in flight and in rings that no process shows. It is
 * tried only where nobody was found, because it takes the addon and the rights of the file's owner.
 */
const leaseOf = (
  { native }: FoundOnMachine,
  { reach, isNoText }: FileStatus,
): { readonly lease?: boolean; readonly needs?: LeaseNeed } => {
  const isNamed = reach !== '' && isNoText !== true
  const answer = native !== undefined && isNamed ? tryLease(native, reach) : 'none'
  if (answer === 'none') return {}
  return answer === 'free' || answer === 'used' ? { lease: answer === 'free' } : { needs: answer }
}

const withStatus = (findings: FoundOnMachine, file: FoundFile, status: FileStatus): HugeFile => {
  const { found } = findings
  const users = findings.users.get(file.key) ?? []
  const isLocked = findings.locks.has(file.key)
  const isComplete = seesAll(found)
  const isHeld = users.length > 0 || isLocked
  const program: FileProgram | undefined = programOf(pathBelow(file))
  const { needs, ...lease } = isHeld ? {} : leaseOf(findings, status)
  const state = stateOf({ users, isLocked, isComplete, ...lease })
  return present({
    ...status,
    path: file.path,
    mount: file.target ?? '',
    key: file.key,
    pageSize: file.size,
    program,
    users,
    state,
    needs: state === 'unknown' ? needs : undefined,
    nodes: findings.nodes.get(file.key),
    reserved: reservedFor(findings, file, status),
    covers: found.covering?.has(deviceIn(file.key)) ?? false,
  })
}

const byPath = (a: HugeFile, b: HugeFile): number =>
  a.path < b.path ? -1 : Number(a.path > b.path)

/**
 * Lists the files of every hugetlbfs that can be reached, in all mount namespaces, and who has
 * them. It changes nothing. Throws E_USAGE for a path that is not on a hugetlbfs, and E_UNSUPPORTED
 * for a recording, which has no files, and where no mount table can be read. `keysOf` stands for
 * the running machine in tests.
 */
export const listFiles = (
  ports: AccountPorts,
  { paths }: FilesRequest,
  keysOf: (path: string) => Iterable<FileKey> = keysBelow,
): FilesResult => {
  if (!isLive(ports.tree))
    throw unsupported('recording', `${ports.tree.root}: a recording has no files to look at`)
  const tree = withMountinfo(ports.tree)
  readMountinfoLines(tree)
  const wanted =
    paths.length === 0 ? undefined : new Set(paths.flatMap((path) => [...keysOf(path)]))
  const { found, books } = accountForPages(
    { ...ports, tree },
    { sizes: [], everything: true, attach: false },
  )
  const findings: FoundOnMachine = {
    found,
    users: usersByFile(found),
    nodes: nodesByFile(found),
    locks: readFileLocks(tree),
    native: nativeIfThere(ports),
    unreserved: ({ size }) => books.find((one) => one.size === size)?.reserved === 0n,
  }
  const files = [...found.files.values()]
    .filter(({ key, isNamed }) => isNamed && (wanted?.has(key) ?? true))
    .flatMap((file) => {
      const status = found.statuses?.get(file.key)
      return status === undefined ? [] : [withStatus(findings, file, status)]
    })
  return {
    files: files.toSorted(byPath),
    isNarrow: paths.length > 0,
    unseen: unseenIn(found),
  }
}
