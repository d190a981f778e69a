import { present } from '../../words/present.ts'
import { type BootFiles, textsIn } from './boot-files.ts'
import { grubVariables, releaseIn } from './grub-menu.ts'
import type { BootEntry } from './loader-row.ts'

/** The directories of entries as the Boot Loader Specification has them, by where $BOOT is mounted. */
export const entryFolders: readonly string[] = ['/boot', '/efi', '/boot/efi'].map(
  (boot) => `${boot}/loader/entries`,
)

const valuesOf = (text: string, key: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^${key}[ \\t]+(.*)$`, 'gm'))].map(([, value = '']) => value.trim())

export const blsValue = (text: string, key: string): string | undefined => valuesOf(text, key)[0]

/** The name of an entry: that of its file without the suffix and a count of tries. */
const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/(?:\+\d+(?:-\d+)?)?\.conf$/, '')

/** GRUB puts its own variables into options; one that is not set is empty. */
const expanded = (options: string, variables: ReadonlyMap<string, string>): string =>
  options
    .replace(/\$\{?(\w+)\}?/g, (_, name: string) => variables.get(name) ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')

const isRescue = (entry: BootEntry): boolean => /\b0-rescue\b|rescue/.test(entry.path)

const laterFirst = (one: BootEntry, other: BootEntry): number =>
  Number(isRescue(one)) - Number(isRescue(other)) ||
  (other.release ?? '').localeCompare(one.release ?? '', 'en', { numeric: true }) ||
  (one.path < other.path ? 1 : -1)

/** Whether a pattern of loader.conf, which may have `*`, or the name or title of GRUB's means an entry. */
const isEntryNamed = (name: string, { path, title }: BootEntry): boolean => {
  const parts = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('.*')}$`)
  return (
    name !== '' &&
    (title === name || pattern.test(nameOf(path)) || pattern.test(`${nameOf(path)}.conf`))
  )
}

/**
 * Reads entries of the Boot Loader Specification: the one that is named first, and the others from the
 * latest kernel to the first. GRUB also names one
 * by its place among them. Variables in their options are those of GRUB's environment.
 */
export const blsEntries = (
  files: BootFiles,
  { folders = entryFolders, environment = '', named = '' } = {},
): readonly BootEntry[] => {
  const variables = grubVariables(environment)
  const entries = folders
    .flatMap((folder) => textsIn(files, folder, '.conf'))
    .map(([path, text]): BootEntry => {
      const release = blsValue(text, 'version') ?? releaseIn(blsValue(text, 'linux') ?? '')
      const title = blsValue(text, 'title') ?? nameOf(path)
      const line = expanded(valuesOf(text, 'options').join(' '), variables)
      return { path, title, ...present({ release }), line }
    })
    .sort(laterFirst)
  const placed = /^\d+$/.test(named) ? entries[Number(named)] : undefined
  const first = entries.find((entry) => isEntryNamed(named, entry)) ?? placed ?? entries[0]
  return first === undefined ? [] : [first, ...entries.filter((entry) => entry !== first)]
}
