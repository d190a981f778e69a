import { usage } from '../../errors.ts'
import type { CleanRequest } from '../../model/processes/files/clean-choice.ts'
import { cleanQuestion } from '../../model/processes/files/clean-words.ts'
import { decimalPattern } from '../../model/words/bytes.ts'
import { parseDuration } from '../../model/words/duration.ts'
import type { Ports } from '../../operations/ports.ts'
import type { FilesRequest } from '../../operations/processes/files/list-files.ts'
import type { SegmentsRequest } from '../../operations/processes/files/list-segments.ts'
import { fileColumns } from '../../output/processes/file-columns.ts'
import type { Document } from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'
import { isAgreed } from '../ask-agreement.ts'
import { define, type Words } from '../command.ts'
import {
  cleanOption,
  keepOption,
  olderOption,
  removalsOption,
  segmentsOption,
  yesOption,
} from '../options/files-option.ts'
import { parsePath, typedValue } from '../typed-values.ts'
import { filesView, type ShownFiles } from '../views/files-view.ts'

export interface TypedFiles extends FilesRequest, SegmentsRequest, CleanRequest {
  readonly segments: boolean
  readonly clean: boolean
  readonly yes: boolean
  readonly dryRun: boolean
}

/** In milliseconds. */
const usualAge = 60_000

const keptNames = (text: string): readonly string[] => {
  const names = text.split(',')
  if (names.includes('')) throw usage(`'${text}' is not a list of names`)
  return names
}

/** The largest id of a segment: it is an int of the kernel. */
const largestId = 2 ** 31 - 1

const parseSegment = (text: string): number => {
  if (decimalPattern.test(text) && Number(text) <= largestId) return Number(text)
  throw usage(`'${text}' is not the number of a segment`)
}

const resolve = (words: Words): TypedFiles => {
  const { operands, switches, values } = words
  const clean = switches.has(cleanOption.name)
  const needsClean = [yesOption, olderOption, keepOption, removalsOption].find(
    ({ name }) => switches.has(name) || name in values,
  )
  if (!clean && needsClean !== undefined) throw usage(`--${needsClean.name} is for --clean`)
  const segments = switches.has(segmentsOption.name)
  return {
    paths: segments ? [] : operands.map(parsePath),
    ids: segments ? operands.map(parseSegment) : [],
    segments,
    clean,
    yes: switches.has(yesOption.name),
    dryRun: switches.has(removalsOption.name),
    older: typedValue(words, olderOption, parseDuration) ?? usualAge,
    keep: typedValue(words, keepOption, keptNames) ?? [],
  }
}

const clean = async (request: TypedFiles, ports: Ports): Promise<ShownFiles> => {
  const { carryOutClean, planClean, removable, restorable } = await import(
    '../../operations/processes/files/clean-files.ts'
  )
  const plan = planClean(ports, request)
  if (request.dryRun) return { kind: 'planned', result: plan, restored: restorable(plan) }
  const files = removable(plan)
  const agreement = {
    yes: request.yes,
    count: files.length,
    question: () => cleanQuestion(files),
  }
  if (!isAgreed(ports, agreement)) return { kind: 'refused', result: plan }
  return { kind: 'cleaned', result: await carryOutClean(ports, plan) }
}

export const filesCommand = define<'files', TypedFiles, View<Document<'files'>>>({
  details: [
    'Every file on every hugetlbfs that can be reached, or those that PATH names. With --clean those',
    'are removed that nobody has, after a question; what is in use by then gets its name back.',
    'With --segments it is about SysV segments: PATH is then the number of one.',
  ],
  operands: {
    usage: '[PATH...]',
    least: 0,
    most: Number.POSITIVE_INFINITY,
    completes: 'huge file',
  },
  options: [segmentsOption, cleanOption, yesOption, olderOption, keepOption, removalsOption],
  columns: fileColumns,
  examples: [
    { line: 'hugepool files', meaning: 'all of them' },
    { line: 'hugepool files -o +UID,MODE', meaning: 'whose are they?' },
    { line: 'hugepool files --clean --dry-run', meaning: 'what would be removed?' },
    { line: 'hugepool files --clean --yes --older 1h', meaning: 'for a script' },
    { line: 'hugepool files --segments --clean', meaning: 'segments of dead programs' },
  ],
  resolve,
  run: async (request, ports) => {
    if (request.segments) return (await import('../segments-run.ts')).showSegments(request, ports)
    if (request.clean) return filesView(await clean(request, ports), ports.now())
    const { listFiles } = await import('../../operations/processes/files/list-files.ts')
    return filesView({ kind: 'listed', result: listFiles(ports, request) }, ports.now())
  },
  view: (shown) => shown,
})
