import type { HugepoolError } from '../../errors.ts'
import { checkFileStep, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import type { LoaderStep } from '../../model/boot/loaders/loader-plan.ts'
import { commandLine } from '../../model/etc/shell-word.ts'
import { carryOutTold, stepsDenied } from '../etc/carry-out-files.ts'
import type { Ports } from '../ports.ts'
import { programRunner, runLoaderProgram } from './run-loader-program.ts'

const changedFiles = (steps: readonly LoaderStep[]) =>
  steps.flatMap((step) => (step.do === 'file' ? [step.file] : []))

/** The first change of each file: one that is written twice is checked once, as it is now. */
const firstChanges = (steps: readonly LoaderStep[]) => {
  const files = changedFiles(steps)
  return files.filter(({ path }, at) => files.findIndex((one) => one.path === path) === at)
}

/** Throws where a file could not be changed. A dry run needs no right to change it. */
export const checkLoaderSteps = (
  { tree }: Ports,
  steps: readonly LoaderStep[],
  dryRun: boolean,
) => {
  for (const file of firstChanges(steps)) checkFileStep(tree, file, dryRun)
}

/** Returns the error that a real run would end with for want of a right. */
export const loaderDenied = (
  { tree }: Ports,
  steps: readonly LoaderStep[],
): HugepoolError | undefined => stepsDenied(tree, firstChanges(steps))

/**
 * Carries out steps in their order, after unfinished files beside them and beside `known` are
 * removed. Where it ends too early, by an error or because it is killed, the record tells how far
 * it may have come, and a second installation or removal goes on from there.
 */
export const carryOutLoader = async (
  ports: Ports,
  steps: readonly LoaderStep[],
  known: readonly string[] = [],
): Promise<void> => {
  if (steps.length === 0) return
  // A recorded machine is refused before any of its files is changed.
  programRunner(ports)
  const files = changedFiles(steps)
  removeLeftovers(ports.tree, [...known, ...files.map(({ path }) => path)])
  checkLoaderSteps(ports, steps, false)
  ports.watchSignals()
  for (const step of steps)
    if (step.do === 'file') carryOutTold(ports, step.file)
    else {
      await runLoaderProgram(ports, step.words)
      const line = commandLine(step.words)
      ports.did?.(line, `'${line}' run`)
    }
}
