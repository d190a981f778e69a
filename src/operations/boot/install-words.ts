import { refused } from '../../errors.ts'
import { checkSequence, withSequence } from '../../model/boot/loaders/hugetlb-sequence.ts'
import { type InstallRequest, planInstall } from '../../model/boot/loaders/install-plan.ts'
import type { LoaderState, LoaderStep } from '../../model/boot/loaders/loader-plan.ts'
import type { InstallingLoader, LoaderRow } from '../../model/boot/loaders/loader-row.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { carryOutLoader } from './carry-out-loader.ts'
import {
  foreseen,
  type LoaderChange,
  leftoverPaths,
  readBack,
  shownLoader,
} from './loader-change.ts'
import { changingStateOf, type FoundLoader, loaderWords, lookAtLoader } from './look-at-loader.ts'

/** Tells what a person has to type, for a boot loader that is left to its administrator. */
const printed = (row: LoaderRow & { readonly kind: 'print' }, sequence: string): LoaderChange => ({
  kind: 'print',
  outcome: 'unchanged',
  loader: shownLoader(row),
  sequence,
  lines: row.lines(sequence),
  notes: [loaderWords(row), 'hugepool does not change it: this is what to do'],
  hints: [],
})

const rebootHints = ({ once }: InstallingLoader): readonly string[] => [
  'it takes a reboot: nothing is changed until then',
  `to boot once without: ${once}`,
]

/**
 * In characters. Kernels of x86 and arm64 silently cut off what is longer (COMMAND_LINE_SIZE in
 * asm/setup.h).
 */
const longestLine = 2047

/** Throws E_REFUSED for a line of which a kernel would cut something off. */
const refuseLong = ({ row, files }: FoundLoader, sequence: string): void => {
  const entries = row.kind === 'install' ? row.entries(files) : []
  const long = entries.find(({ line }) => withSequence(line, sequence).length > longestLine)
  if (long !== undefined)
    throw refused('limit', `${long.path}: with these words the line is too long for a kernel`)
}

const install = async (
  ports: Ports,
  state: LoaderState,
  steps: readonly LoaderStep[],
  sequence: string,
): Promise<LoaderChange> => {
  const { loader } = state
  await carryOutLoader(ports, steps, leftoverPaths(state))
  const { isRight, notes, ...read } = await readBack(ports, loader, sequence)
  const wrong = isRight ? [] : ['the next boot does not give the pages of these words']
  return {
    kind: 'change',
    outcome: isRight ? (steps.length === 0 ? 'unchanged' : 'done') : 'partial',
    loader: shownLoader(loader),
    sequence,
    lines: [],
    notes: [loaderWords(loader), ...notes, ...wrong],
    hints: rebootHints(loader),
    ...read,
  }
}

/**
 * Installs a sequence of words through the boot loader, or tells what a dry run would do, or what
 * to type. Throws E_USAGE for what is no sequence; E_REFUSED for words of others unless they are to
 * be replaced, and for a line that becomes too long; E_KERNEL where a program fails.
 */
export const installWords = async (
  ports: Ports,
  request: InstallRequest & { readonly dryRun: boolean },
): Promise<LoaderChange> => {
  const { sequence } = request
  checkSequence(sequence)
  const act = async (): Promise<LoaderChange> => {
    const found = await lookAtLoader(ports)
    const { row } = found
    refuseLong(found, sequence)
    if (row.kind === 'print') return printed(row, sequence)
    const state = changingStateOf(ports, found, row)
    const steps = planInstall(state, request)
    return request.dryRun
      ? { ...foreseen(ports, row, steps), sequence }
      : install(ports, state, steps, sequence)
  }
  return request.dryRun ? act() : withLock(ports, true, act)
}
