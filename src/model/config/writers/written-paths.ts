import { singleSlashes } from '../../etc/path-parts.ts'
import { attributePath } from '../../pools/attributes.ts'
import { globMatches } from '../../words/glob.ts'
import type { FoundWriter, WritableFacts, WrittenSetting } from './writer.ts'

/** A file of the kernel, and the setting that a write to it sets. */
type SettingFile = readonly [path: string, what: WrittenSetting]

/** Lists the files of /proc/sys/vm, which are about the pool of the default size (mm/hugetlb.c). */
const sysctlFiles = (size: bigint | undefined): readonly SettingFile[] => {
  const group: SettingFile = ['/proc/sys/vm/hugetlb_shm_group', { attribute: 'shm-group' }]
  if (size === undefined) return [group]
  return [
    ['/proc/sys/vm/nr_hugepages', { attribute: 'persistent', size }],
    ['/proc/sys/vm/nr_hugepages_mempolicy', { attribute: 'persistent', size }],
    ['/proc/sys/vm/nr_overcommit_hugepages', { attribute: 'overcommit', size }],
    group,
  ]
}

const poolFiles = (
  size: bigint,
  { nodes }: Pick<WritableFacts, 'nodes'>,
): readonly SettingFile[] => [
  [attributePath('nr_hugepages', size), { attribute: 'persistent', size }],
  [attributePath('nr_hugepages_mempolicy', size), { attribute: 'persistent', size }],
  [attributePath('nr_overcommit_hugepages', size), { attribute: 'overcommit', size }],
  ...nodes.map(
    (node): SettingFile => [
      attributePath('nr_hugepages', size, node),
      { attribute: 'persistent', size, node },
    ],
  ),
]

const settingFiles = (facts: WritableFacts): readonly SettingFile[] => [
  ...sysctlFiles(facts.defaultSize),
  ...facts.sizes.flatMap((size) => poolFiles(size, facts)),
]

/**
 * Lists the characters of a class such as `[0-3]` or `[12]`; none where it says which are left out.
 */
const charactersOf = (inner: string): readonly string[] =>
  /^[!^]/.test(inner)
    ? []
    : [...inner.matchAll(/(.)-(.)|./g)].flatMap(([one, from, to]) => {
        if (from === undefined || to === undefined) return [one]
        const [first, last] = [from.charCodeAt(0), Math.min(to.charCodeAt(0), 0x7f)]
        return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
          String.fromCharCode(first + index),
        )
      })

/** Spells out the first class of a name, whose other classes follow in the same way. */
const spelledOut = (name: string): readonly string[] => {
  const [whole, inner] = /\[([^\]]+)\]/.exec(name) ?? []
  if (whole === undefined || inner === undefined) return [name]
  return charactersOf(inner).map((one) => name.replace(whole, () => one))
}

const nameMatches = (pattern: string, name: string): boolean =>
  spelledOut(pattern).some((each) =>
    each.includes('[') && each !== pattern ? nameMatches(each, name) : globMatches(each, name),
  )

/** Tells whether a path, or the key of a sysctl, stands for all that it matches. */
export const isPathPattern = (path: string): boolean => /[*?[]/.test(path)

/**
 * Tells whether a path matches a pattern of tmpfiles.d(5) or sysctl.d(5), in which `*` passes no
 * slash.
 */
export const pathMatches = (pattern: string, path: string): boolean => {
  if (!isPathPattern(pattern)) return pattern === path
  const [patterns, names] = [pattern.split('/'), path.split('/')]
  return (
    patterns.length === names.length &&
    patterns.every((each, index) => nameMatches(each, names[index] ?? ''))
  )
}

/**
 * Finds the settings that a write to a path sets, which may be a pattern; none for a file of no
 * pool.
 */
export const settingsAt = (pattern: string, facts: WritableFacts): readonly WrittenSetting[] => {
  const plain = singleSlashes(pattern)
  return settingFiles(facts).flatMap(([path, what]) => (pathMatches(plain, path) ? [what] : []))
}

/** What a write sets: something of a pool, or a file that is looked for by its path. */
export type WrittenTarget = Pick<FoundWriter, 'what'> | Pick<FoundWriter, 'path'>

/** Finds all that a write to a path sets, which may be a pattern. */
export const targetsAt = (pattern: string, facts: WritableFacts): readonly WrittenTarget[] => [
  ...settingsAt(pattern, facts).map((what) => ({ what })),
  ...(facts.paths ?? [])
    .filter((path) => pathMatches(singleSlashes(pattern), path))
    .map((path) => ({ path })),
]

/**
 * Makes the path of a sysctl. Where a dot comes before the first slash, dots part its names, and a
 * slash is a dot of a name (sysctl_normalize in src/basic/sysctl-util.c of systemd).
 */
export const sysctlPath = (key: string): string => {
  const separator = /[./]/.exec(key)?.[0]
  const swapped =
    separator === '.' ? key.replace(/[./]/g, (each) => (each === '.' ? '/' : '.')) : key
  return `/proc/sys/${swapped}`
}
