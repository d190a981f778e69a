import { HugepoolError } from '../../errors.ts'
import { carryOutFileStep, checkFileStep } from '../../kernel/etc/etc-files.ts'
import { type FileStep, inverse } from '../../model/etc/file-step.ts'
import type { Ports } from '../ports.ts'

const doneWords = ({ do: kind, path }: FileStep): string =>
  `${path} ${kind === 'replace' || kind === 'link' ? 'written' : 'removed'}`

const putBack = ({ tree, note, undid }: Ports, done: readonly FileStep[]): void => {
  for (const step of done.toReversed())
    try {
      carryOutFileStep(tree, inverse(step))
      undid?.(step.path)
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      note(`${step.path} is not as it was before: ${error.message}`)
    }
}

/**
 * Takes back a step that failed. It may have failed after the change, when the change was synced to
 * the disk. A failed link step is left alone, because the link may be somebody else's.
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
 * Carries out all steps or none. All steps are checked before the first one is carried out. When a
 * step fails, the steps before it are taken back, and the error of the failed step is thrown.
 */
export const carryOutFiles = (ports: Ports, steps: readonly FileStep[]): void => {
  for (const step of steps) checkFileStep(ports.tree, step, false)
  if (steps.length > 0) ports.watchSignals()
  for (const [index, step] of steps.entries())
    try {
      carryOutFileStep(ports.tree, step)
      ports.did?.(step.path, doneWords(step))
    } catch (error) {
      putBackFailed(ports, step)
      putBack(ports, steps.slice(0, index))
      throw error
    }
}
