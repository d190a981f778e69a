import { HugepoolError, usage } from '../../errors.ts'
import {
  checkRequest,
  type MappingRequest,
  parseProcesses,
  parseThreads,
  parseTouch,
  vias,
} from '../../model/mapping/mapping-request.ts'
import type { MappingFailure, MappingResult } from '../../model/mapping/mapping-result.ts'
import { failureWords } from '../../model/mapping/mapping-words.ts'
import { speedWords } from '../../model/mapping/touch-speed.ts'
import { parseDuration } from '../../model/words/duration.ts'
import { parsePolicy } from '../../model/words/policy.ts'
import { present } from '../../model/words/present.ts'
import type { CellStyle } from '../../output/columns.ts'
import { gridOf } from '../../output/grid.ts'
import { testDocument } from '../../output/mapping/test-document.ts'
import { frameHeadings, frameRows, stepRows, testColumns } from '../../output/mapping/test-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import * as option from '../options/test-option.ts'
import { assignmentsOf, nodesOf, parsedOf } from '../requests.ts'

const sharingOf = ({ switches }: Words) => {
  if (switches.has(option.isPrivate.name)) return 'private'
  return switches.has(option.shared.name) ? 'shared' : undefined
}

const checkPath = (text: string): string => {
  if (text.includes('\0')) throw usage(`'${text}' is not a path`)
  return text
}

const resolve = (words: Words): MappingRequest => {
  const { switches } = words
  const [assignment] = assignmentsOf(words)
  if (assignment === undefined) throw usage('test needs an operand: ASSIGNMENT')
  const request = present({
    assignment,
    nodes: nodesOf(words),
    policy: parsedOf(words, option.memoryPolicy, parsePolicy),
    via: parsedOf(words, option.via, (text) => vias.find((via) => via === text) ?? 'anon'),
    sharing: sharingOf(words),
    path: parsedOf(words, option.path, checkPath),
    mount: parsedOf(words, option.mount, checkPath),
    populate: switches.has(option.populate.name),
    noreserve: switches.has(option.noreserve.name),
    verify: switches.has(option.verify.name),
    frames: switches.has(option.frames.name),
    everyStep: switches.has(option.steps.name),
    touch: parsedOf(words, option.touch, parseTouch),
    threads: parsedOf(words, option.threads, parseThreads),
    hold: parsedOf(words, option.hold, parseDuration),
    processes: parsedOf(words, option.processes, parseProcesses) ?? 1,
  })
  return checkRequest(request)
}

const failureError = (result: MappingResult, failure: MappingFailure): HugepoolError =>
  new HugepoolError(
    'E_KERNEL',
    failureWords(result, failure),
    result.advice.join('\n') || undefined,
  )

const framesGrid =
  (...found: Parameters<typeof frameRows>) =>
  (style: CellStyle) =>
    gridOf(frameRows(...found), frameHeadings, style)

const view = (result: MappingResult): View<Document<'test'>> => {
  const { plan, steps, frames, runs, touching, failure, signal, outcome, advice } = result
  return {
    grid: (names, style) => gridOf({ columns: testColumns, rows: stepRows(steps) }, names, style),
    document: testDocument(result),
    words: [
      ...(signal === undefined ? [] : [`stopped by ${signal}`]),
      ...(touching ? [speedWords(touching, plan.size)] : []),
      ...result.words,
    ],
    hints: failure ? [] : advice,
    partial: outcome === 'partial',
    ...present({
      failure: failure && failureError(result, failure),
      signal,
      more: frames && framesGrid(frames, runs),
    }),
  }
}

export const test = define<'test', MappingRequest, MappingResult>({
  name: 'test',
  aliases: [],
  summary: 'allocate and touch a test mapping and show what the pool did',
  details: [
    'ASSIGNMENT is SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...] for a mapping on each node.',
    'Does what an application does: maps, touches, unmaps, and shows the counters after each step.',
    'COUNT is 512 (pages), 8G (memory), 25% (of all memory) or max (what is available).',
    'What the kernel refuses is a result: which page and why. Nothing is left behind.',
    'Exit status: 0 all touched, 1 refused or none, 64 some touched.',
  ],
  operands: { usage: 'ASSIGNMENT', least: 1, most: 1, completes: 'assignment' },
  options: [
    option.via,
    option.mount,
    option.path,
    option.isPrivate,
    option.shared,
    option.populate,
    option.noreserve,
    option.node,
    option.memoryPolicy,
    option.touch,
    option.threads,
    option.steps,
    option.frames,
    option.verify,
    option.hold,
    option.processes,
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
    { line: 'hugepool test default=25% --hold 10m', meaning: 'keep a quarter of the memory' },
  ],
  resolve,
  run: async (request, ports) =>
    (await import('../../operations/mapping/test-mapping.ts')).testMapping(ports, request),
  view,
})
