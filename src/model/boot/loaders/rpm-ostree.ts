import { splitLine } from '../command-line.ts'
import type { BootFiles } from './boot-files.ts'
import { isSequenceWord, sequenceIn } from './hugetlb-sequence.ts'
import type { BootEntry, InstallingLoader } from './loader-row.ts'

/**
 * Prints the words of the deployment that will be booted, also of one that waits for a shutdown.
 */
export const kargsAsked = ['rpm-ostree', 'kargs']

const kargsOf = ({ answers }: BootFiles): string | undefined =>
  answers.get(kargsAsked.join(' '))?.trim()

export const deploymentEntries = (files: BootFiles): readonly BootEntry[] => {
  const line = kargsOf(files)
  return line === undefined
    ? []
    : [{ path: 'rpm-ostree kargs', title: 'the next deployment', line }]
}

/**
 * Deletes words by name and value: by its name alone rpm-ostree deletes no word that is repeated.
 */
const deletions = (line: string): readonly string[] =>
  splitLine(line)
    .words.filter(isSequenceWord)
    .map(({ text }) => `--delete=${text}`)

const appended = (wanted: string): readonly string[] =>
  wanted === '' ? [] : wanted.split(' ').map((word) => `--append=${word}`)

/** rpm-ostree takes deletions and additions in one call, which makes one deployment. */
export const rpmOstree: InstallingLoader = {
  kind: 'install',
  name: 'rpm-ostree',
  title: 'rpm-ostree (kargs)',
  traces: { marks: ['/run/ostree-booted'], programs: ['rpm-ostree'], asks: [kargsAsked] },
  isHere: ({ marks, programs }) => marks.has('/run/ostree-booted') && programs.has('rpm-ostree'),
  commands: (files, { wanted }) => {
    const line = kargsOf(files) ?? ''
    const words = [...deletions(line), ...appended(wanted)]
    return sequenceIn(line) === wanted ? [] : [['rpm-ostree', 'kargs', ...words]]
  },
  entries: deploymentEntries,
  once: 'choose the entry of the deployment before in the menu of the boot loader',
}
