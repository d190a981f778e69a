import { HugepoolError } from '../../errors.ts'
import { carryOutFileStep, checkFileStep } from '../../kernel/etc/etc-files.ts'
import { type FileStep, inverse } from '../../model/etc/file-step.ts'
import type { Ports } from '../ports.ts'

const putBack = ({ tree, note }: Ports, done: readonly FileStep[]): void => {
  for (const step of done.toReversed())
    try {
      carryOutFileStep(tree, inverse(step))
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      note(`${step.path} is not as it was before: ${error.message}`)
    }
}

/**
 * A step may fail after it was done, when it is to be written to the disk. It is taken back where it
 * stands. A link that failed is not: it may be somebody else's.
 */
const putBackFailed = ({ tree }: Ports, step: FileStep): void => {
  if (step.do === 'link') return
  try {
    carryOutFileStep(tree, inverse(step))
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
  }
}

/**
 * Carries out all steps or none: each is checked before the first, and where one fails those before
 * it are taken back. Throws what it failed with.
 */
export const carryOutFiles = (ports: Ports, steps: readonly FileStep[]): void => {
  for (const step of steps) checkFileStep(ports.tree, step, false)
  if (steps.length > 0) ports.watchSignals()
  for (const [index, step] of steps.entries())
    try {
      carryOutFileStep(ports.tree, step)
    } catch (error) {
      putBackFailed(ports, step)
      putBack(ports, steps.slice(0, index))
      throw error
    }
}
