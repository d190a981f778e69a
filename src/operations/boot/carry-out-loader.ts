import { HugepoolError, objectionOf, unsupported } from '../../errors.ts'
import { carryOutFileStep, checkFileStep, removeLeftovers } from '../../kernel/etc/etc-files.ts'
import type { LoaderStep } from '../../model/boot/loaders/loader-plan.ts'
import { shellWord } from '../../model/etc/shell-word.ts'
import type { Ports } from '../ports.ts'

/** A deployment is made, or an initial ramdisk is written for every kernel. */
const loaderPatience = 30 * 60_000

const changedFiles = (steps: readonly LoaderStep[]) =>
  steps.flatMap((step) => (step.do === 'file' ? [step.file] : []))

/**
 * Throws where a file could not be changed. A dry run does not ask for the right to do it. What is
 * written twice is asked about as it is now.
 */
export const checkLoaderSteps = (
  { tree }: Ports,
  steps: readonly LoaderStep[],
  dryRun: boolean,
) => {
  const files = changedFiles(steps)
  const firsts = files.filter(({ path }, at) => files.findIndex((one) => one.path === path) === at)
  for (const file of firsts) checkFileStep(tree, file, dryRun)
}

/** The error that the real run of a dry run would end with for want of a right. */
export const deniedSteps = (
  ports: Ports,
  steps: readonly LoaderStep[],
): HugepoolError | undefined => objectionOf(() => checkLoaderSteps(ports, steps, false))[0]

const runLoaderProgram = async ({ run, tree }: Ports, words: readonly string[]): Promise<void> => {
  if (run === undefined)
    throw unsupported('recording', `${tree.root} is not the running kernel: it runs no programs`)
  const { status, stderr } = await run(words, loaderPatience)
  if (status === 0) return
  const command = words.map(shellWord).join(' ')
  const why = stderr.trim().split('\n').at(-1) ?? ''
  throw new HugepoolError(
    'E_KERNEL',
    'loader-failed',
    `'${command}' failed${why === '' ? '' : `: ${why}`}`,
    'once it is mended: --install again, or --remove, which takes back what is done',
  )
}

/**
 * Carries out steps in their order, after unfinished files beside them and beside `known` are gone. Where it ends too early, by an error or because it is killed, the
 * record tells how far it may have come, and a second installation or removal goes on from there.
 */
export const carryOutLoader = async (
  ports: Ports,
  steps: readonly LoaderStep[],
  known: readonly string[] = [],
): Promise<void> => {
  if (steps.length === 0) return
  if (ports.run === undefined) await runLoaderProgram(ports, [])
  const files = changedFiles(steps)
  removeLeftovers(ports.tree, [...known, ...files.map(({ path }) => path)])
  checkLoaderSteps(ports, steps, false)
  ports.watchSignals()
  for (const step of steps)
    if (step.do === 'file') carryOutFileStep(ports.tree, step.file)
    else await runLoaderProgram(ports, step.words)
}
