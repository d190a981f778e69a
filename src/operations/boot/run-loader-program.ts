import { HugepoolError, refused, unsupported } from '../../errors.ts'
import type { ProgramAnswer } from '../../kernel/run-program.ts'
import { commandLine } from '../../model/etc/shell-word.ts'
import { heedStop } from '../heed-stop.ts'
import type { Ports } from '../ports.ts'

/**
 * In milliseconds. A program may make a deployment, or write an initial ramdisk for every kernel.
 */
const loaderPatience = 30 * 60_000

/**
 * In milliseconds. Another update ends in minutes as a rule; one that takes longer is left to the
 * administrator.
 */
const busyPatience = 120_000
const busyPause = 1_000

const again = '--install again, or --remove, which takes back what is done'

/** Whether rpm-ostree refused because its daemon does something else (rpmostreed-sysroot.cxx). */
const isBusy = ({ status, stderr }: ProgramAnswer): boolean =>
  status !== 0 && /\btransaction in progress\b/i.test(stderr)

const lastLine = ({ stderr }: ProgramAnswer): string => stderr.trim().split('\n').at(-1) ?? ''

const busyWords = ({ stderr }: ProgramAnswer): string =>
  /transaction in progress.*/i.exec(stderr)?.[0] ?? ''

/**
 * Runs a program. While it is busy with something else, it is run again once a second for two
 * minutes.
 */
const runWhenIdle = async (
  ports: Ports,
  run: NonNullable<Ports['run']>,
  words: readonly string[],
): Promise<ProgramAnswer> => {
  const [program = ''] = words
  const command = commandLine(words)
  const started = ports.clock()
  let answer = await run(words, loaderPatience)
  if (isBusy(answer)) ports.note(`waiting for ${program} (${busyWords(answer)})`)
  while (isBusy(answer)) {
    if (ports.clock() - started >= busyPatience)
      throw refused(
        'busy',
        `'${command}' failed: ${program} is busy for longer than ${busyPatience / 1000} s: ${busyWords(answer)}`,
        `'${program} status' tells when it has ended; then ${again}`,
      )
    await ports.pause(busyPause)
    heedStop(ports.watchSignals(), `to run '${command}'`, again)
    answer = await run(words, loaderPatience)
  }
  return answer
}

/** Returns how programs are run. Throws E_UNSUPPORTED for a recorded machine, which runs none. */
export const programRunner = ({ run, tree }: Ports): NonNullable<Ports['run']> => {
  if (run !== undefined) return run
  throw unsupported('recording', `${tree.root} is not the running kernel: it runs no programs`)
}

/**
 * Runs a program of the boot loader, and waits where it is busy with something else. Throws
 * E_UNSUPPORTED for a recorded machine, E_REFUSED where it stays busy, E_KERNEL where it fails or a
 * signal ends the wait.
 */
export const runLoaderProgram = async (ports: Ports, words: readonly string[]): Promise<void> => {
  const answer = await runWhenIdle(ports, programRunner(ports), words)
  if (answer.status === 0) return
  const why = lastLine(answer)
  throw new HugepoolError(
    'E_KERNEL',
    'loader-failed',
    `'${commandLine(words)}' failed${why === '' ? '' : `: ${why}`}`,
    `once it is mended: ${again}`,
  )
}
