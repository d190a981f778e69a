import { HugepoolError, usage } from '../../errors.ts'
import { hintText } from '../../model/etc/hint-text.ts'
import {
  checkRequest,
  type MappingRequest,
  parseThreads,
  parseTouch,
} from '../../model/mapping/mapping-request.ts'
import type { MappingFailure, MappingResult } from '../../model/mapping/mapping-result.ts'
import { failureWords } from '../../model/mapping/mapping-words.ts'
import { speedWords } from '../../model/mapping/touch-speed.ts'
import { parseDuration } from '../../model/words/duration.ts'
import { present } from '../../model/words/present.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import type { CellStyle } from '../../output/columns.ts'
import { testDocument } from '../../output/mapping/test-document.ts'
import {
  frameHeadings,
  frameRows,
  readingRows,
  testColumns,
} from '../../output/mapping/test-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import { noProgressOption, roundOption } from '../options/option.ts'
import {
  cgroupOption,
  forkOption,
  framesOption,
  groupOption,
  holdOption,
  mapNodeOption,
  mapPolicyOption,
  mountOption,
  noreserveOption,
  pathOption,
  populateOption,
  privateOption,
  processesOption,
  sharedOption,
  stepsOption,
  threadsOption,
  touchOption,
  userOption,
  verifyOption,
  viaOption,
} from '../options/test-option.ts'
import { mappedPath, typedMapping } from '../typed-mapping.ts'
import { typedValue } from '../typed-values.ts'

const checkCgroup = (text: string): string => {
  if (text.startsWith('/')) return mappedPath(text)
  throw usage(
    `'${text}' is not the path of a cgroup`,
    'it begins with a slash, as in /proc/PID/cgroup',
  )
}

const resolve = (words: Words): MappingRequest => {
  const { switches } = words
  const mapping = typedMapping(words)
  if (mapping === undefined) throw usage('test needs an operand: ASSIGNMENT')
  return checkRequest(
    present({
      ...mapping,
      path: typedValue(words, pathOption, mappedPath),
      verify: switches.has(verifyOption.name),
      frames: switches.has(framesOption.name),
      readOften: switches.has(stepsOption.name),
      touch: typedValue(words, touchOption, parseTouch),
      threads: typedValue(words, threadsOption, parseThreads),
      hold: typedValue(words, holdOption, parseDuration),
      fork: switches.has(forkOption.name),
      user: words.values[userOption.name],
      group: words.values[groupOption.name],
      cgroup: typedValue(words, cgroupOption, checkCgroup),
    }),
  )
}

const failureError = (result: MappingResult, failure: MappingFailure): HugepoolError =>
  new HugepoolError(
    'E_KERNEL',
    failure.reason,
    failureWords(result, failure),
    hintText(result.advice),
  )

const framesText =
  (...found: Parameters<typeof frameRows>) =>
  (style: CellStyle) =>
    textRows(frameRows(...found), frameHeadings, style)

const view = (result: MappingResult): View<Document<'test'>> => {
  const { plan, readings, frames, runs, touching, failure, signal, outcome, advice } = result
  return {
    rows: (names, style) =>
      textRows({ columns: testColumns, rows: readingRows(readings) }, names, style),
    document: () => testDocument(result),
    notes: [...(touching ? [speedWords(touching, plan.size)] : []), ...result.words],
    noteHints: failure ? [] : advice,
    words: stoppedWords(signal),
    hints: [],
    partial: outcome === 'partial',
    ...present({
      failure: failure && failureError(result, failure),
      signal,
      moreRows: frames && framesText(frames, runs),
    }),
  }
}

export const testCommand = define<'test', MappingRequest, MappingResult>({
  details: [
    'ASSIGNMENT is SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...] for a mapping on each node.',
    'Does what an application does: maps, touches, unmaps, and shows the counters after each step.',
    'COUNT is 512 (pages), 8G (memory), 25% (of all memory) or max (what is available).',
    'What the kernel refuses is a result: which page and why. Nothing is left behind.',
    'Exit status: 0 all touched, 1 refused or none, 64 some touched.',
  ],
  operands: { usage: 'ASSIGNMENT', least: 1, most: 1, completes: 'assignment' },
  options: [
    viaOption,
    mountOption,
    pathOption,
    privateOption,
    sharedOption,
    populateOption,
    noreserveOption,
    mapNodeOption,
    roundOption,
    mapPolicyOption,
    touchOption,
    threadsOption,
    stepsOption,
    framesOption,
    verifyOption,
    holdOption,
    processesOption,
    forkOption,
    userOption,
    groupOption,
    cgroupOption,
    noProgressOption,
  ],
  columns: testColumns,
  examples: [
    { line: 'hugepool test 2M=16', meaning: 'can a program have 16 pages?' },
    { line: 'hugepool test 1G=0:1,1:1', meaning: 'and one on each of two nodes?' },
    { line: 'hugepool test 2M=16 --steps --touch 4', meaning: 'reserve 16, touch 4, one by one' },
    {
      line: 'hugepool test 2M=8G --via memfd --processes 3',
      meaning: 'three processes share them',
    },
    { line: 'hugepool test 2M=64 --frames --verify', meaning: 'are they next to each other?' },
    { line: 'hugepool test 2M=64 --via shm --user nobody', meaning: 'would this user get them?' },
    { line: 'hugepool test default=25% --hold 10m', meaning: 'keep a quarter of the memory' },
  ],
  resolve,
  run: async (request, ports) =>
    (await import('../../operations/mapping/test-mapping.ts')).testMapping(ports, request),
  view,
})
