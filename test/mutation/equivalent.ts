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
    file: 'src/operations/telemetry/gather-metrics.ts',
    line: 'const request = { sizes: [], everything: false, attach: true }',
    mutation: 'false -> true',
    reason: 'What is looked at although all is explained takes time alone.',
  },
  {
    file: 'src/model/telemetry/watch-events.ts',
    line: `: [\`\${size(reserved)} \${reserved > 0n ? 'reserved' : 'no longer reserved'}\`]),`,
    mutation: '> -> >=',
    reason: 'A counter that did not change is absent.',
  },
  {
    file: 'src/model/telemetry/watch-scroll.ts',
    line: 'if (last === undefined) return 0',
    mutation: '0 -> 1',
    reason: 'No line and the first line are scrolled to alike.',
  },
  {
    file: 'src/operations/telemetry/watch-pools.ts',
    line: 'if (until !== undefined) await listPools(ports, [until.size], false)',
    mutation: 'false -> true',
    reason: 'It is only asked whether the pool is there.',
  },
  {
    file: 'src/kernel/etc/unfinished.ts',
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
    line: `const name = \`.hugepool-\${Math.trunc(Math.random() * 2 ** 48).toString(16)}\``,
    mutation: '16 -> 15',
    reason: 'Any random name will do.',
  },
  {
    file: 'src/kernel/mapping/mapper.ts',
    line: `const name = \`.hugepool-\${Math.trunc(Math.random() * 2 ** 48).toString(16)}\``,
    mutation: '16 -> 17',
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
    line: 'const returned = returnedSum(before, readPools(tree, false).pools)',
    mutation: 'false -> true',
    reason: 'The counters of nodes are read besides, and nobody looks at them.',
  },
  ...[
    'const before = readPools(tree, false).pools',
    'const returned = returnedSum(before, readPools(tree, false).pools)',
  ].map((line) => ({
    file: 'src/operations/processes/files/clean-segments.ts',
    line,
    mutation: 'false -> true',
    reason: 'The counters of nodes are read besides, and nobody looks at them.',
  })),
  {
    file: 'src/kernel/processes/scan/page-flags.ts',
    line: '? 0',
    mutation: '0 -> 1',
    reason: 'Bit 0 (locked) is not looked at.',
  },
  {
    file: 'src/kernel/processes/scan/quick-read.ts',
    line: 'let buffer = Buffer.allocUnsafe(65536)',
    mutation: '65536 -> 65537',
    reason: 'A buffer of any size will do.',
  },
  {
    file: 'src/kernel/processes/scan/quick-read.ts',
    line: 'let buffer = Buffer.allocUnsafe(65536)',
    mutation: '65536 -> 65535',
    reason: 'A buffer of any size will do.',
  },
  {
    file: 'src/kernel/processes/scan/quick-read.ts',
    line: 'const larger = Buffer.allocUnsafe(2 * buffer.length)',
    mutation: '2 -> 3',
    reason: 'A buffer of any larger size will do.',
  },
  {
    file: 'src/kernel/processes/scan/map-lines.ts',
    line: "([, from = '', to = '', sharing, offset = '0', device = '', inode = '0', path = '']) => ({",
    mutation: "'0' -> ''",
    reason: 'Every match has all groups.',
  },
  {
    file: 'src/kernel/processes/scan/map-lines.ts',
    line: "const kilobytes = /^\\d+/.exec(smapsValue(area, 'KernelPageSize') ?? '')?.[0] ?? '0'",
    mutation: "'0' -> ''",
    reason: 'No digits are 0 too.',
  },
  {
    file: 'src/kernel/processes/scan/map-lines.ts',
    line: "const [line] = mapLines(asOctets(area.split('\\n', 1)[0] ?? ''))",
    mutation: '1 -> 2',
    reason: 'Only the first line is taken.',
  },
  {
    file: 'src/kernel/processes/scan/process-sizes.ts',
    line: 'for (let digit = status[at] ?? 0; digit >= zero && digit <= nine; digit = status[at] ?? 0) {',
    mutation: '0 -> 1',
    reason: 'Neither 0 nor 1 is the code of a digit.',
  },
  {
    file: 'src/kernel/processes/scan/scan-processes.ts',
    line: 'const isHolder = hugeBytes > 0n',
    mutation: '0n -> 1n',
    reason: 'It is a number of bytes of whole pages.',
  },
  {
    file: 'src/kernel/processes/scan/page-flags.ts',
    line: 'const next = flagsAt(descriptor, frame + (frames[at] ?? 0))',
    mutation: '0 -> 1',
    reason: 'Every size has its number of frames.',
  },
  {
    file: 'src/kernel/processes/scan/page-flags.ts',
    line: 'if (isPinned(flags)) found.set(size, (found.get(size) ?? 0n) + 1n)',
    mutation: '0n -> 1n',
    reason: 'Every size stands there from the beginning.',
  },
  {
    file: 'src/kernel/processes/scan/page-flags.ts',
    line: 'for (let frame = 0; step > 0 && frame < end; frame += step) {',
    mutation: '0 -> 1',
    reason: 'Every page has several frames.',
  },
  {
    file: 'src/kernel/processes/scan/page-flags.ts',
    line: 'frame += (frames[at] ?? step) - step',
    mutation: 'frame += (frames[at] ?? step) - step -> ;',
    reason: 'It saves the look at the tails of a page, which are no heads.',
  },
  {
    file: 'src/kernel/processes/scan/page-flags.ts',
    line: 'frame += (frames[at] ?? step) - step',
    mutation: 'frames[at] ?? step -> step',
    reason: 'It saves the look at the tails of a page, which are no heads.',
  },
  {
    file: 'src/kernel/processes/scan/scan-areas.ts',
    line: "if (!isHolder && !devices.areIn(maps.value) && !maps.value.includes('/anon_hugepage'))",
    mutation: '!isHolder && !devices.areIn(maps.value) && !maps.value.in... -> false',
    reason: 'It saves the look at lines that have no huge pages.',
  },
  {
    file: 'src/kernel/processes/scan/scan-areas.ts',
    line: "if (!isHolder && !devices.areIn(maps.value) && !maps.value.includes('/anon_hugepage'))",
    mutation: "'/anon_hugepage' -> ''",
    reason: 'It saves the look at lines that have no huge pages.',
  },
  {
    file: 'src/kernel/processes/scan/scan-areas.ts',
    line: 'if (huge.length > 0) addAreas(scan, pid, directory, huge)',
    mutation: '> -> >=',
    reason: 'For no areas nothing is added.',
  },
  {
    file: 'src/kernel/processes/scan/scan-mounts.ts',
    line: 'const { pageSize: size, minSize: minimum = 0n } = parseHugetlbfsOptions(',
    mutation: '0n -> 1n',
    reason: 'A byte is no page.',
  },
  {
    file: 'src/kernel/processes/scan/scan-mounts.ts',
    line: 'if (hugetlbfs.length === 0) return []',
    mutation: 'hugetlbfs.length === 0 -> false',
    reason: 'It saves a look at meminfo.',
  },
  {
    file: 'src/kernel/processes/scan/frame-nodes.ts',
    line: 'let perBlock = 0',
    mutation: '0 -> 1',
    reason: 'It is set before it is read.',
  },
  {
    file: 'src/kernel/processes/scan/frame-nodes.ts',
    line: 'return perBlock === 0',
    mutation: '0 -> 1',
    reason: 'A division by 0 finds no block.',
  },
  {
    file: 'src/kernel/processes/scan/new-scan.ts',
    line: 'if (bytes > 0n) scan.unseen.set(Number(pid), { process: scan.who(pid), bytes })',
    mutation: '0n -> 1n',
    reason: 'It is a number of bytes of whole pages.',
  },
  {
    file: 'src/kernel/processes/scan/scan-segments.ts',
    line: 'const bytes = residentBytes(line, size, scan.basePage) ?? 0n',
    mutation: '0n -> 1n',
    reason: 'A byte is no page.',
  },
  {
    file: 'src/kernel/mapping/copying/new-file.ts',
    line: `join(directory, \`.hugepool-\${Math.trunc(Math.random() * 2 ** 48).toString(16)}\`)`,
    mutation: '16 -> 15',
    reason: 'Any random name will do.',
  },
  {
    file: 'src/kernel/mapping/copying/new-file.ts',
    line: `join(directory, \`.hugepool-\${Math.trunc(Math.random() * 2 ** 48).toString(16)}\`)`,
    mutation: '* -> /',
    reason: 'Any random name will do.',
  },
  {
    file: 'src/kernel/mapping/copying/block-transfers.ts',
    line: 'const retryMilliseconds = 10',
    mutation: '10 -> 11',
    reason: 'Any short time will do.',
  },
  {
    file: 'src/kernel/mapping/copying/block-transfers.ts',
    line: 'const retryMilliseconds = 10',
    mutation: '10 -> 9',
    reason: 'Any short time will do.',
  },
  {
    file: 'src/kernel/mapping/copying/block-transfers.ts',
    line: 'while (filled < data.length) {',
    mutation: '< -> <=',
    reason: 'A read of no bytes ends the loop too.',
  },
  {
    file: 'src/kernel/mapping/copying/copy-source.ts',
    line: 'checkIsFile(statSync(path, { bigint: true }), typed)',
    mutation: 'checkIsFile(statSync(path, { bigint: true }), typed) -> ;',
    reason: 'It is looked at again once it is open; only devices show that they were opened.',
  },
  {
    file: 'src/kernel/held-directory.ts',
    line: 'export const pathOnly = 0o10000000',
    mutation: '0o10000000 -> 2097153',
    reason: 'Beside O_PATH nothing is made of the access that is asked for.',
  },
  {
    file: 'src/model/words/bytes.ts',
    line: "formatBytes(bytes).replace(/^[1-9]\\d*$/, '$&B')",
    mutation: '/^[1-9]\\d*$/ -> /[1-9]\\d*$/',
    reason: 'What ends in digits has nothing before them.',
  },
  {
    file: 'src/kernel/pools/base-page.ts',
    line: 'bytes >= 4096n && bytes <= 1048576n && (bytes & (bytes - 1n)) === 0n',
    mutation: '4096n -> 4095n',
    reason: 'No power of two is between them.',
  },
  {
    file: 'src/kernel/mounts/attach-mount.ts',
    line: 'const buffer = Buffer.alloc(4096)',
    mutation: '4096 -> 4097',
    reason: 'No message of the kernel is as long.',
  },
  {
    file: 'src/kernel/mounts/attach-mount.ts',
    line: 'const buffer = Buffer.alloc(4096)',
    mutation: '4096 -> 4095',
    reason: 'No message of the kernel is as long.',
  },
  {
    file: 'src/kernel/mapping/sharing/process-mapping.ts',
    line: 'address: 0n,',
    mutation: '0n -> 1n',
    reason: 'Nobody asks for the address of a mapping of another process.',
  },
  {
    file: 'src/kernel/pools/proc-pool.ts',
    line: 'const [total = 0n, free = 0n, surplus = 0n, reserved = 0n] = texts.map(BigInt)',
    mutation: '0n -> 1n',
    reason: 'All of them are there: it is looked at just before.',
  },
  {
    file: 'src/operations/processes/files/list-files.ts',
    line: "const pathBelow = ({ path, target = '/' }: FoundFile): string =>",
    mutation: "'/' -> ''",
    reason: 'A file that was found by its name has a target.',
  },
  ...(['1 -> 2', '< -> <=', '> -> >='] as const).map((mutation) => ({
    file: 'src/operations/processes/files/list-files.ts',
    line: 'a.path < b.path ? -1 : Number(a.path > b.path)',
    mutation,
    reason: 'The sign alone counts, and of two files with one path either may come first.',
  })),
  ...(['1 -> 0', '+ -> -'] as const).map((mutation) => ({
    file: 'src/operations/processes/files/list-files.ts',
    line: 'path.slice(pathPrefix(target).length + 1)',
    mutation,
    reason:
      'The rules of file-program.ts begin after a slash too, and a letter before it tells nothing.',
  })),
  {
    file: 'src/operations/processes/files/list-files.ts',
    line: "const isNamed = reach !== '' && isNoText !== true",
    mutation: '&& -> ||',
    reason: 'Neither of these paths leads to a file, and then there is no lease either.',
  },
  {
    file: 'src/operations/processes/files/list-files.ts',
    line: 'covers: found.covering?.has(deviceIn(file.key)) ?? false,',
    mutation: 'false -> true',
    reason: 'A look at the running machine always says which mounts cover others.',
  },
  {
    file: 'src/operations/config/plan-lasting.ts',
    line: 'pools.map((pool) => ({ ...pool, essential: true, optional: false, boot: false }))',
    mutation: 'true -> false',
    reason: 'Writers are compared with the numbers of a pool alone.',
  },
  {
    file: 'src/operations/config/plan-lasting.ts',
    line: 'pools.map((pool) => ({ ...pool, essential: true, optional: false, boot: false }))',
    mutation: 'false -> true',
    reason: 'Writers are compared with the numbers of a pool alone.',
  },
  {
    file: 'src/operations/config/prune-mounts.ts',
    line: 'if (unnamed.length === 0) return []',
    mutation: 'unnamed.length === 0 -> false',
    reason: 'It saves the loading of what finds holders.',
  },
  {
    file: 'src/kernel/config/config-octets.ts',
    line: 'checkRegular(statSync(file), path)',
    mutation: 'checkRegular(statSync(file), path) -> ;',
    reason: 'It is looked at again once it is open; only devices show that they were opened.',
  },
  {
    file: 'src/kernel/config/config-octets.ts',
    line: 'checkRegular(fstatSync(descriptor), path)',
    mutation: 'checkRegular(fstatSync(descriptor), path) -> ;',
    reason: 'Only a file that is replaced between two calls shows it.',
  },
  {
    file: 'src/operations/doctor/find-subject.ts',
    line: "const groups = groupMounts(tree, pid ?? 'self')",
    mutation: "pid ?? 'self' -> pid",
    reason: 'The process itself is what is looked at where none is named.',
  },
  {
    file: 'src/model/boot/loaders/grubby.ts',
    line: "const environment = environments.flatMap((path) => files.texts.get(path) ?? []).join('\\n')",
    mutation: 'files.texts.get(path) ?? [] -> files.texts.get(path)',
    reason: 'What is undefined joins as an empty line.',
  },
  {
    file: 'src/operations/config/export-configuration.ts',
    line: "return { text, tables: parseToml(text, 'export'), leftOut, unread }",
    mutation: "'export' -> ''",
    reason: 'A file is named in errors alone, and what export wrote has none.',
  },
  {
    file: 'src/operations/mapping/look-at-pages.ts',
    line: 'if (pages === 0n) break',
    mutation: 'pages === 0n -> false',
    reason: 'Of no pages none is written and none is read: it takes time alone.',
  },
  {
    file: 'src/operations/mapping/fork-child.ts',
    line: 'if (pages <= 0n || failure !== undefined || signals.pending() !== undefined) break',
    mutation: '<= -> <',
    reason: 'A child that is given no page writes none: it takes time alone.',
  },
  {
    file: 'src/model/pools/pool-plan.ts',
    line: 'if (step.convertsSurplus) return -1',
    mutation: '1 -> 2',
    reason: 'It is below all other places.',
  },
  {
    file: 'src/model/pools/pool-plan.ts',
    line: 'if (step.makesSurplus) return 4',
    mutation: '4 -> 5',
    reason: 'It is above all other places.',
  },
  {
    file: 'src/model/pools/pool-plan.ts',
    line: 'if (a.makesSurplus && a.before !== b.before) return a.before < b.before ? -1 : 1',
    mutation: '< -> <=',
    reason: 'The numbers differ there.',
  },
  {
    file: 'src/model/pools/pool-plan.ts',
    line: 'const placeOf = ({ node = -1 }: PoolStep): number => node',
    mutation: '1 -> 2',
    reason: 'It is below the numbers of all nodes.',
  },
  {
    file: 'src/model/words/near-word.ts',
    line: 'while (start < word.length && typed[start] === word[start]) start += 1',
    mutation: '< -> <=',
    reason: 'A word that is typed as it is was found before.',
  },
  {
    file: 'src/model/pools/freed-memory.ts',
    line: 'if (left < untilEmpty) return rounds + left / giving',
    mutation: '< -> <=',
    reason: 'What is just enough to empty the node ends at the same number of rounds.',
  },
]
