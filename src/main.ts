import { fitToSelf, fitView, rethrowWithSize } from './advise-error.ts'
import { completeWord } from './cli/completion-scripts.ts'
import { noProgressOption } from './cli/options/option.ts'
import type { Parsed } from './cli/parse.ts'
import { colourOf, formatOf, isQuiet } from './cli/settings.ts'
import { exitNo, exitPartial, type StopSignal } from './errors.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import type { Mapper } from './kernel/mapping/mapper.ts'
import { shareWord } from './kernel/mapping/sharing/share-word.ts'
import type { Native } from './kernel/native/native.ts'
import type { RunProgram } from './kernel/run-program.ts'
import { directoryTree, type Tree } from './kernel/tree.ts'
import { makePorts } from './make-ports.ts'
import type { Packaged } from './model/packaged.ts'
import { loadPaint, plain, wantsColour } from './output/colour.ts'
import { progressLine } from './output/progress.ts'
import { remarkLines } from './output/remarks.ts'
import { noteLine, sentence, viewText } from './output/render.ts'
import {
  dieBy,
  lateWatch,
  processStreams,
  type SignalNotes,
  type Streams,
  watchSignals,
} from './output/streams.ts'
import type { View } from './output/view.ts'
import { type Deeds, noteDeeds, portsNoting } from './record-deeds.ts'
import { asHugepoolError, bridged, type FrameSource, sayError, sayFrames } from './say-error.ts'
import { print, showingOn } from './show-views.ts'
import { treeAsked } from './tree-asked.ts'
import { version } from './version.ts'

/** What the launcher passes to the program: the streams and the access to the kernel. */
export interface Outside {
  readonly streams: Streams
  readonly loadNative: () => Native
  /**
   * For tests: the tree that commands see instead of `/`, and the native calls that belong to it.
   */
  readonly tree?: Tree
  readonly native?: Native
  readonly mapper?: Mapper
  readonly clock?: Clock
  /** The words of a command line that starts this program again. */
  readonly program?: readonly string[]
  /** The files of this program itself. */
  readonly packaged?: Packaged
  /** Runs programs of the machine, such as systemctl(1). */
  readonly run?: RunProgram
  readonly watchSignals?: () => SignalNotes
  /** Finds the places in the sources that the stack of a fault leads through, one line per call. */
  readonly frames?: FrameSource
  /** Shows what this process may do, so that hints tell nobody to become root who is it already. */
  readonly self?: Tree
}

/** What belongs to this program, wherever the launcher finds it. */
interface Launched extends Required<Pick<Outside, 'program' | 'packaged'>> {
  readonly loadNative: () => unknown
  /** Reads what lies beside the code by a path that stacks name, where no directory has it. */
  readonly readBeside?: (path: string) => Buffer
}

/** How the process has to end: by an exit status, or by the signal that stopped it. */
export type Ending = number | StopSignal

const endingOf = ({ signal, partial, failure, isNo }: View): Ending =>
  signal ?? (partial ? exitPartial : (failure?.exitCode ?? (isNo ? exitNo : 0)))

interface Ongoing {
  readonly watch: ReturnType<typeof lateWatch>
  /** The sentences said before the result is known. */
  readonly said: string[]
  readonly deeds: Deeds
}

const runCommand = async (
  { command, words }: Extract<Parsed, { kind: 'run' }>,
  outside: Outside,
  { watch, said, deeds }: Ongoing,
): Promise<Ending> => {
  const { streams } = outside
  const format = formatOf(command, words, streams)
  const action = command.prepare(words)
  const tree = treeAsked(words, outside.tree)
  const time = outside.clock ?? systemClock
  const quiet = isQuiet(words)
  const silent = quiet || words.switches.has(noProgressOption.name)
  const progress = progressLine(streams, time.clock, !silent)
  const reasons: string[] = []
  const sayReasons = (thrown: unknown): never => {
    for (const text of reasons) streams.err(sentence(text))
    said.push(...reasons)
    throw thrown
  }
  const painted = async (terminal: boolean) =>
    wantsColour(colourOf(words), terminal, streams.environment) ? loadPaint() : plain
  const made = makePorts(outside, tree, {
    watchSignals: watch.begin,
    note: (text) => {
      said.push(text)
      if (!quiet) streams.err(noteLine(text))
    },
    // A step that is tried again may fail for the same reason.
    reason: (text) => {
      if (!reasons.includes(text)) reasons.push(text)
    },
    progress: progress.show,
  })
  const ports = portsNoting(made, deeds)
  const onOut = () => painted(streams.outIsTerminal)
  const shown = await action(ports, showingOn(streams, { format, quiet, paint: onOut }))
    .catch(rethrowWithSize(tree))
    .finally(progress.clear)
    .catch(sayReasons)
  const view = await fitView({ ...shown, words: [...reasons, ...shown.words] }, outside.self)
  const ending = endingOf(view)
  deeds.end()
  try {
    const whole = { ...view, notes: [...said, ...(view.notes ?? [])] }
    if (!view.isShown) print(streams, await viewText(whole, format, await onOut()))
  } finally {
    const paint = await painted(streams.errIsTerminal)
    for (const line of remarkLines(view, { failed: ending !== 0, quiet }, paint)) streams.err(line)
  }
  return ending
}

const run = async (parsed: Parsed, outside: Outside, ongoing: Ongoing): Promise<Ending> => {
  if (parsed.kind === 'run') return runCommand(parsed, outside, ongoing)
  if (parsed.kind === 'version') print(outside.streams, `hugepool ${version}\n`)
  else {
    const { commandHelp, overviewHelp } = await import('./cli/help.ts')
    print(outside.streams, parsed.command ? commandHelp(parsed.command) : overviewHelp())
  }
  return 0
}

/** Answers a shell that completes a line. Errors are dropped: the line has no place for them. */
const complete = async (words: readonly string[], { streams, tree }: Outside): Promise<Ending> => {
  try {
    const { completionText } = await import('./cli/completion/completion-text.ts')
    streams.out(await completionText(words, tree ?? directoryTree('/')))
  } catch {}
  return 0
}

/** Takes part in the test of another hugepool process, which says what to do. */
const share = async ({ loadNative }: Outside): Promise<Ending> => {
  const { serveMapping } = await import('./kernel/mapping/sharing/share-worker.ts')
  await serveMapping(loadNative())
  return 0
}

/** Runs a command line. All errors are caught here and get a message and an exit status. */
export const main = async (typed: readonly string[], outside: Outside): Promise<Ending> => {
  if (typed[0] === completeWord) return complete(typed.slice(1), outside)
  if (typed[0] === shareWord) return share(outside)
  const watch = lateWatch(outside.watchSignals ?? watchSignals)
  const said: string[] = []
  const deeds = noteDeeds()
  try {
    const parsed = await (await import('./cli/parse.ts')).parse(typed)
    return await run(parsed, outside, { watch, said, deeds })
  } catch (thrown) {
    const error = await fitToSelf(await bridged(asHugepoolError(thrown), typed), outside.self)
    const done = deeds.all()
    await sayError(error, typed, { ...outside, notes: said, done })
    if (error.code === 'E_BUG') await sayFrames(thrown, outside)
    const isPartial = done.length > 0 && !deeds.areEnded() && error.code !== 'E_BUG'
    return error.signal ?? (isPartial ? exitPartial : error.exitCode)
  } finally {
    watch.end()
  }
}

/** Runs the command line of this process. The launcher calls it with what only it can load. */
export const launch = async ({ loadNative, readBeside, ...own }: Launched): Promise<void> => {
  // A fault is told by its calls, of which V8 keeps ten: those of a reader alone can be as many.
  Error.stackTraceLimit = 30
  const typed = process.argv.slice(2)
  const ending = await main(typed, {
    streams: processStreams(),
    loadNative: loadNative as () => Native,
    ...own,
    self: directoryTree('/'),
    frames: async (stack) => (await import('./source-frames.ts')).sourceFrames(stack, readBeside),
  })
  // All output is written. An exit without freeing the heap saves an eighth of the time of `list`.
  if (typeof ending === 'number') process.exit(ending)
  dieBy(ending)
}
