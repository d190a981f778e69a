import { usage } from '../../../errors.ts'
import type { NodeSelection } from '../../words/node-list.ts'

/** The operand that stands for standard input or standard output. */
export const standardStream = '-'

/** Returns the name of a source in a sentence. */
export const sourceName = (path: string): string =>
  path === standardStream ? 'standard input' : path

/** Returns the name of a target in a sentence. */
export const targetName = (path: string): string =>
  path === standardStream ? 'standard output' : path

/** Says what a copy that failed leaves. What went to a stream cannot be taken back. */
export const remainderWords = (target: string): string =>
  target === standardStream ? 'what was written so far is not whole' : 'nothing was left behind'

/** What `cp` was asked for. */
export interface CopyRequest {
  /** A path as it was typed, or `-` for standard input. */
  readonly source: string
  /** A path as it was typed, of a file or a directory, or `-` for standard output. */
  readonly target: string
  /** The nodes on which the pages are to lie; absent where any will do. */
  readonly nodes?: NodeSelection
  /** Whether a file that is there is replaced. */
  readonly force: boolean
  /** Whether the mode and the times of the source are kept. */
  readonly preserve: boolean
  readonly verify: boolean
  readonly dryRun: boolean
}

/** The options that are about a file, each with the ends of the copy that have to be files. */
const aboutFiles = (request: CopyRequest) =>
  [
    ['force', request.force, ['target']],
    ['preserve', request.preserve, ['source', 'target']],
    ['verify', request.verify, ['target']],
    ['node', request.nodes !== undefined, ['target']],
  ] as const

const checkPath = (path: string): void => {
  if (path === '' || path.includes('\0')) throw usage(`'${path}' is not a path`)
}

/** Throws E_USAGE for a path that no file can have, and for options that a stream cannot heed. */
export const checkCopy = (request: CopyRequest): CopyRequest => {
  const { source, target } = request
  checkPath(source)
  checkPath(target)
  if (source === standardStream && target === standardStream)
    throw usage('one of FILE and TARGET has to be a file on hugetlbfs', "'cat' copies the rest")
  const names = { source: sourceName(source), target: targetName(target) }
  for (const [option, isAsked, ends] of aboutFiles(request)) {
    const stream = ends.find((end) => request[end] === standardStream)
    if (isAsked && stream !== undefined)
      throw usage(`--${option} is about a file, and - is ${names[stream]}`)
  }
  return request
}
