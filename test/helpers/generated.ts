import { HugepoolError } from '../../src/errors.ts'
import type { BootMachine } from '../../src/model/boot/boot-machine.ts'
import { cmaOfAssignment } from '../../src/model/boot/cma-request.ts'
import { generateLine } from '../../src/model/boot/generate-line.ts'
import { parseSeries } from '../../src/model/boot/kernel-series.ts'
import type { LineRequest, LineTarget } from '../../src/model/boot/line-request.ts'
import { parseAssignment } from '../../src/model/words/assignment.ts'
import { parseBytes } from '../../src/model/words/bytes.ts'
import { present } from '../../src/model/words/present.ts'
import { bootMachine } from './predicted.ts'
import { G } from './sizes.ts'

/** What is typed behind `hugepool boot`, but for its assignments. */
export interface TypedLine {
  readonly default?: string
  readonly hvo?: boolean
  readonly cma?: string
  readonly leave?: string
  readonly beside?: string
}

/** A machine with room: two nodes of 8 GiB, and CMA. */
export const roomyMachine: BootMachine = {
  ...bootMachine,
  nodes: [0, 1].map((node) => ({ node, memory: 8n * G })),
  hasCma: true,
  hasFreeVmemmap: true,
}

export const requestOf = (words: string, typed: TypedLine = {}): LineRequest =>
  present({
    assignments: words.split(' ').filter(Boolean).map(parseAssignment),
    defaultSize: typed.default === undefined ? undefined : parseBytes(typed.default),
    freeVmemmap: typed.hvo,
    cma: typed.cma === undefined ? undefined : cmaOfAssignment(parseAssignment(typed.cma)),
    leave: typed.leave === undefined ? undefined : parseBytes(typed.leave),
    beside: typed.beside,
  })

export const targetOf = (series: string, machine: BootMachine = roomyMachine): LineTarget => ({
  series: parseSeries(series) ?? [0, 0],
  machine,
})

/** What an error says, in one line: its code, reason, words and hints. */
export const refusalOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    const { code, reason, message, hint } = error
    return [`${code} ${reason}: ${message}`, ...(hint?.split('\n') ?? [])].join(' | ')
  }
  return 'it is not refused'
}

/** The line that is generated, with its warnings, or the error. */
export const generated = (
  words: string,
  typed: TypedLine = {},
  series = '6.18',
  machine: BootMachine = roomyMachine,
): string => {
  let said = ''
  const refusal = refusalOf(() => {
    const line = generateLine(targetOf(series, machine), requestOf(words, typed))
    said = [line.words.join(' '), ...line.warnings].join(' | ')
  })
  return said === '' && refusal !== 'it is not refused' ? refusal : said
}
