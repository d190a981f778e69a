import { allAsked } from './asked-line.ts'
import { judgeLine } from './line-judgement.ts'
import { checkMemory } from './line-memory.ts'
import type { LineRequest, LineTarget } from './line-request.ts'
import { lineWarnings } from './line-warnings.ts'
import { lineWords } from './line-words.ts'
import { type BootPrediction, predictBoot } from './predict-boot.ts'

/** Words for a kernel command line, and what comes of them. */
export interface GeneratedLine {
  /** The words in the order in which they have to stand; none where nothing is asked for. */
  readonly words: readonly string[]
  readonly warnings: readonly string[]
  /** What the kernel makes of the words alone, which is what was asked for. */
  readonly prediction: BootPrediction
}

/**
 * Writes the words of a kernel command line that bring what is asked for, to a kernel of a series
 * on a machine. Whatever the order of the request, the words are the same. Throws E_USAGE for what
 * a command line cannot say, E_UNSUPPORTED for what this kernel, its processor or the machine
 * lacks, and E_REFUSED for what leaves too little memory or would come out otherwise.
 */
export const generateLine = (target: LineTarget, request: LineRequest): GeneratedLine => {
  const { series, machine } = target
  const asked = allAsked(target, request)
  checkMemory(machine, asked, request.leave)
  const words = lineWords(asked)
  const prediction = predictBoot(words.join(' '), series, machine)
  const difference = judgeLine(machine, asked, prediction)
  if (difference !== undefined) throw difference
  return { words, warnings: lineWarnings(target, asked, request.beside ?? ''), prediction }
}
