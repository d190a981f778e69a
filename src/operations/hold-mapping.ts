import { readPid } from '../kernel/self.ts'
import { formatBytes } from '../model/bytes.ts'
import { formatDuration } from '../model/duration.ts'
import { formatSize } from '../model/page-size.ts'
import { plural } from '../model/plural.ts'
import type { Area, MappingTest } from './mapping-test.ts'

const pollMilliseconds = 100

/** Of many steps the last ones. */
const mostTold = 8

/** Pages behind the end of a file are gone, for whoever has it mapped too. */
const truncatedWords = ({ mapper, plan }: MappingTest, areas: readonly Area[]): string => {
  for (const { source, part } of areas) {
    if (!source.isFile || source.descriptor === undefined) continue
    const bytes = mapper.fileBytes(source.descriptor)
    if (bytes < part.pages * plan.size)
      return `; meanwhile somebody truncated the file to ${formatBytes(bytes)}`
  }
  return ''
}

/** Keeps what is mapped for as long as the plan says, or until a signal comes. */
export const holdMapping = async (test: MappingTest, areas: readonly Area[]): Promise<void> => {
  const { ports, plan, signals, log } = test
  const { hold } = plan
  if (hold === undefined || signals.pending() !== undefined) return
  const pages = `${plural(plan.pages, 'page')} of ${formatSize(plan.size)}`
  const pid = readPid(ports.tree) ?? '?'
  // The table comes at the end, with what came of the pages.
  const told = log.steps.filter(({ kind }) => kind === 'map' || kind === 'touch')
  for (const { words } of told.slice(-mostTold)) ports.note(words)
  ports.note(`process ${pid} holds ${pages} for ${formatDuration(hold)}; Ctrl-C releases them`)
  const end = ports.clock() + hold
  while (signals.pending() === undefined && ports.clock() < end)
    await ports.pause(Math.min(pollMilliseconds, end - ports.clock()))
  const how =
    signals.pending() === undefined ? `for ${formatDuration(hold)}` : 'until a signal came'
  log.add('hold', () => `held by process ${pid} ${how}${truncatedWords(test, areas)}`)
}
