import type { Mutant } from './choice.ts'
import { lineOf, wordsOf } from './mutators.ts'

/** A mutation that no test can notice, or none should. */
export interface Equivalent {
  readonly file: string
  /** The line that the mutation begins in, without its indent. */
  readonly line: string
  /** The mutation as a survivor is printed: `before -> after`. */
  readonly mutation: string
  readonly reason: string
}

export const isEquivalent =
  ({ file, source, mutation }: Mutant) =>
  (entry: Equivalent): boolean =>
    entry.file === file &&
    entry.line === lineOf(source, mutation).text &&
    entry.mutation === wordsOf(source, mutation)

/** Entries of files that are looked at which name no mutation of them. */
export const outdated = (
  entries: readonly Equivalent[],
  mutants: readonly Mutant[],
): readonly Equivalent[] =>
  entries.filter((entry) => !mutants.some((mutant) => isEquivalent(mutant)(entry)))

export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/kernel/etc/replace-file.ts',
    line: `return join(dirname(file), \`\${temporaryPrefix}\${suffix.padStart(8, '0')}\`)`,
    mutation: "'0' -> ''",
    reason: 'Any random name will do.',
  },
  {
    file: 'src/model/mapping/touch-steps.ts',
    line: 'const read = [...marks, ...(portions.processes > 1 ? ofProcess : [])]',
    mutation: '> -> >=',
    reason: 'The portion of a single process ends where the last mark stands.',
  },
  {
    file: 'src/kernel/etc/replace-file.ts',
    line: 'syncDirectory(file)',
    mutation: 'syncDirectory(file) -> ;',
    reason: 'Only a loss of power shows whether a directory was written to the disk.',
  },
  {
    file: 'src/kernel/mapping/mapper.ts',
    line: `const path = join(directory, \`.hugepool-\${Math.trunc(Math.random() * 2 ** 48).toString(16)}\`)`,
    mutation: '16 -> 15',
    reason: 'Any random name will do.',
  },
  {
    file: 'src/kernel/mapping/sharing/share-word.ts',
    line: "export const shareWord = '__share'",
    mutation: "'__share' -> ''",
    reason: 'Both sides take the word from here; any that nobody types does.',
  },
  {
    file: 'src/model/mounts/mount-hidden.ts',
    line: 'if (parent === id) return false',
    mutation: 'parent === id -> false',
    reason: 'The loop comes to the same end by its count of mounts; this saves the rounds.',
  },
  {
    file: 'src/model/mounts/umount-change.ts',
    line: '...(processes > 0 && elsewhere.length === 0',
    mutation: '> -> >=',
    reason: 'What has neither a process nor another mount does not live on, and is not asked here.',
  },
  {
    file: 'src/model/pools/demote-plan.ts',
    line: 'total: counters.total + pages,',
    mutation: '+ -> -',
    reason: 'Of a pool that is split next only the free pages decide; its total goes with them.',
  },
  {
    file: 'src/model/pools/overcommit-plan.ts',
    line: 'const requested = resolveCount(wanted, pool.overcommit, machine.memory) ?? 0n',
    mutation: '0n -> 1n',
    reason: 'Only max has no number, and it was refused above.',
  },
  {
    file: 'src/model/pools/pool-plan.ts',
    line: 'if (a.size !== b.size) return a.size > b.size ? -1 : 1',
    mutation: '> -> >=',
    reason: 'The sizes differ there.',
  },
  {
    file: 'src/operations/processes/files/clean-files.ts',
    line: 'const before = readPools(tree, false).pools',
    mutation: 'false -> true',
    reason: 'The counters of nodes are read besides, and nobody looks at them.',
  },
  {
    file: 'src/operations/processes/files/clean-files.ts',
    line: 'const returned = sumOf(before, readPools(tree, false).pools)',
    mutation: 'false -> true',
    reason: 'The counters of nodes are read besides, and nobody looks at them.',
  },
  {
    file: 'src/kernel/processes/scan/page-flags.ts',
    line: '? 0',
    mutation: '0 -> 1',
    reason: 'Bit 0 (locked) is not looked at.',
  },
]
