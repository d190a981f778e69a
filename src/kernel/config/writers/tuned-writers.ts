import { thpDirectory } from '../../../model/config/tune/thp-settings.ts'
import { foundIn, foundSysctls } from '../../../model/config/writers/found-writers.ts'
import { parseTunedProfile, reappliesSysctl } from '../../../model/config/writers/tuned-profile.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { scriptLines } from '../../../model/config/writers/writer-lines.ts'
import { directoryAbove } from '../../../model/etc/path-parts.ts'
import { unitDirectories } from '../../../model/mounts/persist/systemd-unit.ts'
import { isUnitWanted } from '../../etc/unit-files.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'
import { reappliedSysctls } from './sysctl-writers.ts'
import type { WriterReader, WriterText } from './writer-texts.ts'

/** The directories of profiles, those that take precedence first. */
const profileDirectories = [
  '/etc/tuned/profiles',
  '/etc/tuned',
  '/usr/lib/tuned/profiles',
  '/usr/lib/tuned',
]

const profileNamed = (name: string, { read }: WriterReader): readonly WriterText[] => {
  if (name.includes('/')) return []
  for (const directory of profileDirectories) {
    const found = read(`${directory}/${name}/tuned.conf`)
    if (found.length > 0) return found
  }
  return []
}

/** Returns profiles, each once and after those that it includes. */
const withIncludes = (
  names: readonly string[],
  reader: WriterReader,
  seen: Set<string>,
): readonly WriterText[] =>
  names.flatMap((name) => {
    if (seen.has(name)) return []
    seen.add(name)
    const [profile] = profileNamed(name, reader)
    if (profile === undefined) return []
    const { includes } = parseTunedProfile(profile.text)
    return [...withIncludes(includes, reader, seen), profile]
  })

/**
 * Returns the file that tuned leaves alone because a word on the kernel command line sets it
 * (plugin_vm.py).
 */
const ignoredPath = (tree: Tree): string | undefined =>
  readIfReadable(tree, '/proc/cmdline')?.includes('transparent_hugepage=')
    ? `${thpDirectory}/enabled`
    : undefined

const inProfiles = (
  tree: Tree,
  profiles: readonly WriterText[],
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const ignored = ignoredPath(tree)
  const parsed = profiles.map(({ file, text }) => ({ file, ...parseTunedProfile(text) }))
  const sysctls = parsed.map(({ file, sysctls: lines }) => ({ file, lines }))
  return [
    ...foundSysctls({ source: 'tuned', when: 'after' }, sysctls, facts),
    ...parsed.flatMap(({ file, writes }) =>
      foundIn(
        { source: 'tuned', file, when: 'after' },
        writes.filter(({ path }) => path !== ignored),
        facts,
      ),
    ),
  ]
}

/** Finds what scripts of profiles set, which tuned runs last. */
const inScripts = (
  profiles: readonly WriterText[],
  { read }: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] =>
  profiles
    .flatMap(({ file, text }) => {
      const directory = directoryAbove(file)
      const { scripts } = parseTunedProfile(text)
      return scripts.map((path) => path.replace(/^\$\{i:PROFILE_DIR\}/, () => directory))
    })
    .flatMap((path) => (path.startsWith('/') ? read(path) : []))
    .flatMap(({ file, text }) =>
      foundIn({ source: 'tuned', file, when: 'after' }, scriptLines(text), facts),
    )

/** Finds what the active profile of tuned sets, and the sysctls that tuned sets again after it. */
export const tunedWriters = (
  tree: Tree,
  reader: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => {
  if (!isUnitWanted(tree, unitDirectories, 'tuned.service')) return []
  const names = ['active_profile', 'post_loaded_profile']
    .flatMap((name) => reader.read(`/etc/tuned/${name}`))
    .flatMap(({ text }) => text.split(/\s+/).filter((name) => name !== ''))
  const profiles = withIncludes(names, reader, new Set())
  const [main] = reader.read('/etc/tuned/tuned-main.conf')
  return [
    ...inProfiles(tree, profiles, facts),
    ...(reappliesSysctl(main?.text) ? reappliedSysctls(tree, reader, facts) : []),
    ...inScripts(profiles, reader, facts),
  ]
}
