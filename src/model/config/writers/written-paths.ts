import { singleSlashes } from '../../etc/path-parts.ts'
import { attributePath } from '../../pools/attributes.ts'
import { globPlace, type Place, placesMatch } from '../../words/glob.ts'
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

/** Makes a place of the inner of a class such as `[0-3]`, `[12]` or `[!x]`. */
const classPlace = (inner: string): Place => {
  const isOther = /^[!^]./s.test(inner)
  const ranges = [...(isOther ? inner.slice(1) : inner).matchAll(/(.)-(.)|./gs)].map(
    ([one, from = one, to = one]) => [from, to] as const,
  )
  return (character) =>
    ranges.some(([from, to]) => from <= character && character <= to) !== isOther
}

/** Reads the places of a glob(7) that has no slash. A class that nothing closes is a bracket. */
const placesOf = (pattern: string): readonly Place[] => {
  const places: Place[] = []
  const lastEnd = pattern.lastIndexOf(']')
  for (let at = 0; at < pattern.length; at += 1) {
    const each = pattern.charAt(at)
    // The first character of a class belongs to it, whichever it is.
    if (each === '[' && at + 2 <= lastEnd) {
      const end = pattern.indexOf(']', at + 2)
      places.push(classPlace(pattern.slice(at + 1, end)))
      at = end
    } else places.push(globPlace(each))
  }
  return places
}

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
    patterns.every((each, index) => placesMatch(placesOf(each), names[index] ?? ''))
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
