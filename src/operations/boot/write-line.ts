import { readKernelLine } from '../../kernel/boot/read-boot-machine.ts'
import type { BootAnswer } from '../../model/boot/boot-answer.ts'
import { generateLine } from '../../model/boot/generate-line.ts'
import type { LineRequest, LineTarget } from '../../model/boot/line-request.ts'
import type { Ports } from '../ports.ts'
import { type AskedKernel, readAskedKernel } from './asked-kernel.ts'

/** A line that was written, and what the kernel makes of it. */
export interface NewLine extends BootAnswer {
  readonly warnings: readonly string[]
}

/** What a line has to bring; what is optional depends on the kernel and the machine. */
export type RequestFor = (target: LineTarget) => LineRequest

/**
 * Writes a kernel command line that brings what is asked. Reads only. Throws the errors of
 * `generateLine`, and E_UNSUPPORTED where the version of the kernel cannot be read and is not
 * named.
 */
export const writeLine = async (
  { tree }: Pick<Ports, 'tree'>,
  asked: AskedKernel,
  requestFor: RequestFor,
): Promise<NewLine> => {
  const target = readAskedKernel(tree, asked)
  const beside = readKernelLine(tree) ?? ''
  const { words, warnings, prediction } = generateLine(target, { ...requestFor(target), beside })
  return { line: words.join(' '), series: target.series, prediction, others: [], warnings }
}
