import type { ProcessMapping } from '../../kernel/mapping/sharing/process-mapping.ts'
import { readPid } from '../../kernel/processes/proc-self.ts'
import type { MappingFailure } from '../../model/mapping/mapping-result.ts'
import { formatBytes } from '../../model/words/bytes.ts'
import { formatDuration } from '../../model/words/duration.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { plural } from '../../model/words/plural.ts'
import { goneFailure } from './process-gone.ts'
import type { MappedPart, RunningTest } from './running-test.ts'

const pollMilliseconds = 100

/** At most this many steps, the last ones, are printed before the hold. */
const mostTold = 8

/**
 * Says that a mapped file was truncated. The pages beyond its new end are gone, even from the
 * mappings of it.
 */
const truncatedWords = (
  { mapper, plan }: RunningTest,
  mappedParts: readonly MappedPart[],
): string => {
  for (const { source, part } of mappedParts) {
    if (!source.isFile || source.descriptor === undefined) continue
    const bytes = mapper.fileBytes(source.descriptor)
    if (bytes < part.pages * plan.size)
      return `; meanwhile somebody truncated the file to ${formatBytes(bytes)}`
  }
  return ''
}

/** Returns the failure for the first of the other processes that has ended. */
const goneAmong = (
  test: RunningTest,
  others: readonly ProcessMapping[],
): MappingFailure | undefined => {
  for (const [index, other] of others.entries()) {
    const gone = other.gone()
    if (gone) return goneFailure(test, gone, { process: index + 1, pid: other.pid, held: true })
  }
  return undefined
}

/**
 * Keeps the mappings for as long as the plan says, or until a signal comes. Ends with a failure
 * when one of the other processes ends.
 */
export const holdMapping = async (
  test: RunningTest,
  mappedParts: readonly MappedPart[],
  others: readonly ProcessMapping[],
): Promise<MappingFailure | undefined> => {
  const { ports, plan, signals, log } = test
  const { hold } = plan
  if (hold === undefined || signals.pending() !== undefined) return undefined
  const pages = `${plural(plan.pages, 'page')} of ${formatSize(plan.size)}`
  const pid = readPid(ports.tree) ?? '?'
  // These steps are printed now because the table with all steps comes only after the release.
  const told = log.readings.filter(({ kind }) => kind === 'map' || kind === 'touch')
  for (const { words } of told.slice(-mostTold)) ports.note(words)
  ports.note(`process ${pid} holds ${pages} for ${formatDuration(hold)}; Ctrl-C releases them`)
  const end = ports.clock() + hold
  let failure: MappingFailure | undefined
  while (!failure && signals.pending() === undefined && ports.clock() < end) {
    await ports.pause(Math.min(pollMilliseconds, end - ports.clock()))
    failure = goneAmong(test, others)
  }
  const whole = failure ? 'until another process ended' : `for ${formatDuration(hold)}`
  const how = signals.pending() === undefined ? whole : 'until a signal came'
  log.add('hold', () => `held by process ${pid} ${how}${truncatedWords(test, mappedParts)}`)
  return failure
}
