import { explain } from '../../kernel/errno.ts'
import type { ProcessMapping } from '../../kernel/mapping/sharing/process-mapping.ts'
import type { Mapping } from '../../kernel/native/native-mapping.ts'
import { readPid } from '../../kernel/processes/proc-self.ts'
import type { MappingFailure, SharingProcess } from '../../model/mapping/mapping-result.ts'
import { portionEnd, stuckSeconds } from '../../model/mapping/touch-steps.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import { plural } from '../../model/words/plural.ts'
import { present } from '../../model/words/present.ts'
import { heedingSignals } from './heed-signals.ts'
import { nothingSeen, type PagesSeen, pagesAgree, verifiedWords } from './look-at-pages.ts'
import { goneFailure, type Sharer } from './process-gone.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import type { TouchState } from './touch/touch-state.ts'

const forbidden = {
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'not-root',
    words: 'only root of the machine can hand a segment on to other processes',
    hint: '--via memfd needs no privilege',
  },
} as const

/** Returns a descriptor of the mapped memory. `close` does nothing where it is the source's own. */
const descriptorOf = ({ mapper, plan }: RunningTest, { source, mapping, part }: MappedPart) => {
  if (source.descriptor !== undefined) return { descriptor: source.descriptor, close: () => {} }
  try {
    const descriptor = mapper.openMapped(mapping, part.pages * plan.size)
    return { descriptor, close: () => mapper.close(descriptor) }
  } catch (error) {
    throw explain(error, 'the SysV segment', forbidden)
  }
}

/** Starts the other processes of a plan, which map the same pages. Adds each to `others`. */
export const startOtherProcesses = async (
  test: RunningTest,
  mapped: MappedPart,
  others: ProcessMapping[],
): Promise<MappingFailure | undefined> => {
  const { mapper, plan, log } = test
  if (plan.processes === 1) return undefined
  const { descriptor, close } = descriptorOf(test, mapped)
  const controller = new AbortController()
  const { signal } = controller
  const abort = (): void => controller.abort()
  const request = {
    bytes: Number(plan.pages * plan.size),
    pageSize: Number(plan.size),
    noreserve: plan.noreserve,
    shared: true,
    populate: false,
  }
  try {
    while (others.length < plan.processes - 1)
      others.push(await heedingSignals(test, mapper.share(descriptor, request, signal), abort))
  } catch (error) {
    return goneFailure(test, error, { process: others.length + 1 })
  } finally {
    close()
  }
  const same = `the same ${plural(plan.pages, 'page')}`
  log.add(
    'share',
    () =>
      `${plural(plan.processes, 'process maps', 'processes map')} ${same}: the pool counts them once`,
  )
  return undefined
}

/** Returns the range of touched pages in the share of a process; the end is not included. */
const sharedPages = (
  test: RunningTest,
  process: number,
  touched: Pages,
): readonly [Pages, Pages] => {
  const end = (of: number): Pages => fewer(portionEnd(test.plan, of), touched)
  return [end(process - 1), end(process)]
}

const sharerOf = (
  others: readonly ProcessMapping[],
  process: number,
  from: number,
  to: number,
): Sharer => {
  const pid = others[process - 1]?.pid
  return present({ process, from, to, pid })
}

const writeAndCheck = async (
  test: RunningTest,
  mapped: MappedPart,
  others: readonly ProcessMapping[],
  state: TouchState,
  report: (now: Sharer) => void,
): Promise<PagesSeen> => {
  const all: readonly Mapping[] = [mapped.mapping, ...others]
  const limits = { threads: mapped.part.threads, stuckSeconds }
  const shares = all.map((_, process) => sharedPages(test, process, state.pages))
  for (const [process, mapping] of all.entries()) {
    const [from, to] = (shares[process] ?? [0n, 0n]).map(Number) as [number, number]
    report(sharerOf(others, process, from, to))
    if (to > from) await heedingSignals(test, mapping.write(from, to, limits), () => mapping.stop())
    // Pages that were not written cannot be checked.
    if (test.signals.pending() !== undefined) return nothingSeen
  }
  const processes: SharingProcess[] = []
  let failure: PagesSeen['failure']
  for (const [process, mapping] of all.entries()) {
    const [from, to] = shares[process] ?? [0n, 0n]
    report(sharerOf(others, process, Number(from), Number(to)))
    const found = await pagesAgree(test, mapping, mapped.first, state.pages, limits)
    if (test.signals.pending() !== undefined) return nothingSeen
    failure ??= found.failure
    const own = readPid(test.ports.tree) ?? 0
    const pid = process === 0 ? own : (others[process - 1]?.pid ?? 0)
    processes.push({ pid, touched: to - from, verified: found.verified })
  }
  const least = processes.reduce((pages, { verified }) => fewer(pages, verified), state.pages)
  const words = `each of ${plural(processes.length, 'process', 'processes')}: ${verifiedWords(least)}`
  return present({ verified: least, processes, words: [words], failure })
}

/**
 * Makes every process write its share, and then makes every process check the pages of all. The
 * check ends with a failure when a process ends.
 */
export const checkEachOther = async (
  test: RunningTest,
  mapped: MappedPart,
  others: readonly ProcessMapping[],
  state: TouchState,
): Promise<PagesSeen> => {
  let sharer: Sharer = { process: 0 }
  const report = (now: Sharer): void => {
    sharer = now
  }
  try {
    return await writeAndCheck(test, mapped, others, state, report)
  } catch (error) {
    const failure = goneFailure(test, error, sharer)
    return present({ words: [], failure })
  }
}
