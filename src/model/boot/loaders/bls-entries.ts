import { lastName } from '../../etc/path-parts.ts'
import { globMatches } from '../../words/glob.ts'
import { present } from '../../words/present.ts'
import { type BootFiles, textsIn } from './boot-files.ts'
import { grubVariables, releaseIn } from './grub-menu.ts'
import type { BootEntry } from './loader-row.ts'

/**
 * The directories in which the Boot Loader Specification has entries, one for each directory on
 * which $BOOT can be mounted.
 */
export const entryFolders: readonly string[] = ['/boot', '/efi', '/boot/efi'].map(
  (boot) => `${boot}/loader/entries`,
)

const blsValues = (text: string, key: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^${key}[ \\t]+(.*)$`, 'gm'))].map(([, value = '']) => value.trim())

export const blsValue = (text: string, key: string): string | undefined => blsValues(text, key)[0]

/** Returns the name of an entry: that of its file without the suffix and a count of tries. */
const entryName = (path: string): string => lastName(path).replace(/(?:\+\d+(?:-\d+)?)?\.conf$/, '')

/** Puts variables of GRUB into options, as GRUB does. One that is not set is empty. */
const expanded = (options: string, variables: ReadonlyMap<string, string>): string =>
  options
    .replace(/\$\{?(\w+)\}?/g, (_, name: string) => variables.get(name) ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')

const isRescue = (entry: BootEntry): boolean => /\b0-rescue\b|rescue/.test(entry.path)

/**
 * Tells whether an entry has used up its tries, as `entry+0-3.conf` has (UAPI.1, boot counting).
 */
const isBad = ({ path }: BootEntry): boolean => /\+0(?:-\d+)?\.conf$/.test(path)

const laterFirst = (one: BootEntry, other: BootEntry): number =>
  Number(isBad(one)) - Number(isBad(other)) ||
  Number(isRescue(one)) - Number(isRescue(other)) ||
  (other.release ?? '').localeCompare(one.release ?? '', 'en', { numeric: true }) ||
  (one.path < other.path ? 1 : -1)

/**
 * Tells whether a name means an entry: a pattern of loader.conf, which may have `*` and `?`, or a
 * name or title that GRUB has saved.
 */
const isEntryNamed = (name: string, { path, title }: BootEntry): boolean =>
  name !== '' &&
  (title === name ||
    globMatches(name, entryName(path)) ||
    globMatches(name, `${entryName(path)}.conf`))

interface BlsQuestion {
  readonly folders?: readonly string[]
  readonly environment?: string
  /** The names of the entry that is booted without a choice, the one that counts most first. */
  readonly named?: readonly string[]
}

/**
 * Reads entries of the Boot Loader Specification. The one that is booted without a choice stands
 * first: that of the first name that means any, which can be its index among the others too. The
 * others go from the latest kernel to the earliest, and rescue entries and those that failed to
 * boot stand last. Variables in options are those of GRUB's environment.
 */
export const blsEntries = (
  files: BootFiles,
  { folders = entryFolders, environment = '', named = [] }: BlsQuestion = {},
): readonly BootEntry[] => {
  const variables = grubVariables(environment)
  const entries = folders
    .flatMap((folder) => textsIn(files, folder, '.conf'))
    .map(([path, text]): BootEntry => {
      const release = blsValue(text, 'version') ?? releaseIn(blsValue(text, 'linux') ?? '')
      const title = blsValue(text, 'title') ?? entryName(path)
      const line = expanded(blsValues(text, 'options').join(' '), variables)
      return { path, title, ...present({ release }), line }
    })
    .sort(laterFirst)
  const [first = entries[0]] = named.flatMap(
    (name) =>
      entries.find((entry) => isEntryNamed(name, entry)) ??
      (/^\d+$/.test(name) ? entries[Number(name)] : undefined) ??
      [],
  )
  return first === undefined ? [] : [first, ...entries.filter((entry) => entry !== first)]
}
