import { octalMode } from '../../model/etc/octal-mode.ts'
import type { ChosenFile } from '../../model/processes/files/clean-choice.ts'
import { programWords } from '../../model/processes/files/file-program.ts'
import type { HugeFile } from '../../model/processes/files/huge-file.ts'
import type { Removal } from '../../model/processes/files/removal.ts'
import type { RestoredName } from '../../model/processes/files/restored-name.ts'
import type { ReturnedToPools } from '../../model/processes/files/returned-words.ts'
import type { CleanedDocument, FilesDocument, HugeFileDocument } from '../schemas/documents.ts'

export const hugeFileDocument = (file: HugeFile): HugeFileDocument => ({
  path: file.path,
  reachedBy: ['', file.path].includes(file.reach) ? undefined : file.reach,
  reachable: file.reach === '' ? (false as const) : undefined,
  mount: file.mount,
  pageSize: file.pageSize,
  size: file.size,
  pages: file.pages,
  reserved: file.reserved,
  nodes: file.nodes?.map((on) => ({ ...on })),
  state: file.state,
  uid: file.uid,
  gid: file.gid,
  mode: octalMode(file.mode),
  touched: new Date(file.touched).toISOString(),
  users: file.users.map(({ pid }) => pid),
  program: file.program && programWords(file.program),
})

interface CleanOutcome {
  readonly chosen: readonly ChosenFile[]
  readonly removals: readonly Removal[]
  readonly restored: readonly RestoredName[]
  readonly returned: ReturnedToPools
}

/** Tells what --clean did: the files that went, those that stay, and what came back. */
export const cleanDocument = ({
  chosen,
  removals,
  restored,
  returned,
}: CleanOutcome): CleanedDocument<'removed' | 'kept' | 'notRemoved'> &
  Pick<FilesDocument, 'restored'> => ({
  removed: removals.flatMap(({ file, left }) => (left === undefined ? [file.path] : [])),
  kept: chosen.flatMap(({ file, kept }) =>
    kept === undefined ? [] : [{ path: file.path, reason: kept }],
  ),
  notRemoved: removals.flatMap(({ file, left, at }) =>
    left === undefined ? [] : [{ path: file.path, reason: left, at }],
  ),
  ...(restored.length > 0 && {
    restored: restored.map(({ file, to, isDone }) => ({ path: file.path, to, done: isDone })),
  }),
  returned: { ...returned },
})
