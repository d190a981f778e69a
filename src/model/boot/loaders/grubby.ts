import { plainName, splitLine } from '../command-line.ts'
import { blsEntries } from './bls-entries.ts'
import { type BootFiles, textsIn } from './boot-files.ts'
import { grubVariables } from './grub-menu.ts'
import { isSequenceWord, sequenceNames } from './hugetlb-sequence.ts'
import type { BootEntry, InstallingLoader } from './loader-row.ts'

const entriesFolder = '/boot/loader/entries'
const environments = ['/boot/grub2/grubenv', '/boot/grub/grubenv']
const ziplSettings = '/etc/zipl.conf'

const isZipl = ({ architecture }: BootFiles): boolean => architecture.startsWith('s390')

/**
 * Names the entry that GRUB starts: the one for one start (grub2-reboot), or else the saved one.
 */
const namedIn = (variables: ReadonlyMap<string, string>): string | undefined =>
  variables.get('next_entry') || variables.get('saved_entry')

const entriesOf = (files: BootFiles): readonly BootEntry[] => {
  const environment = environments.flatMap((path) => files.texts.get(path) ?? []).join('\n')
  const named = isZipl(files)
    ? /^default=(.*)$/m.exec(files.texts.get(ziplSettings) ?? '')?.[1]
    : namedIn(grubVariables(environment))
  return blsEntries(files, {
    folders: [entriesFolder],
    environment,
    named: named === undefined ? [] : [named],
  })
}

/**
 * Returns the names of all words that hugepool installs, and their spellings with `-` in entries:
 * to grubby `-` and `_` are not the same.
 */
const namesToRemove = (entries: readonly BootEntry[]): string => {
  const found = entries.flatMap(({ line }) => splitLine(line).words.filter(isSequenceWord))
  const spelled = found.map(({ name }) => name).filter((name) => plainName(name) !== name)
  return [...new Set([...sequenceNames, ...spelled])].join(' ')
}

/**
 * grubby deletes every word whose name it is given, and then appends the new ones in their order.
 * One call with all of them is right, and a second call would undo the first.
 */
export const grubby: InstallingLoader = {
  kind: 'install',
  name: 'grubby',
  title: `grubby (${entriesFolder})`,
  traces: {
    programs: ['grubby'],
    folders: [entriesFolder],
    texts: [...environments, ziplSettings],
  },
  isHere: (files) =>
    files.programs.has('grubby') && textsIn(files, entriesFolder, '.conf').length > 0,
  commands: (files, { wanted }) => [
    [
      'grubby',
      '--update-kernel=ALL',
      `--remove-args=${namesToRemove(entriesOf(files))}`,
      ...(wanted === '' ? [] : [`--args=${wanted}`]),
    ],
    ...(isZipl(files) ? [['zipl']] : []),
  ],
  entries: entriesOf,
  once: "press 'e' in the menu of GRUB and delete the words from the line that begins with linux",
}
