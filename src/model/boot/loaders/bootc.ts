import { blsEntries, entryFolders } from './bls-entries.ts'
import type { InstallingLoader } from './loader-row.ts'
import { deploymentEntries, kargsAsked } from './rpm-ostree.ts'

const setOptions = ['bootc', 'loader-entries', 'set-options-for-source']

/** bootc keeps the words of each source as one string, which it replaces as a whole. */
export const bootc: InstallingLoader = {
  kind: 'install',
  name: 'bootc',
  title: 'bootc (loader-entries of the source hugepool)',
  traces: {
    marks: ['/run/ostree-booted'],
    programs: ['bootc', 'rpm-ostree'],
    asks: [[...setOptions, '--help'], kargsAsked],
    folders: entryFolders,
  },
  isHere: ({ marks, answers }) =>
    marks.has('/run/ostree-booted') && answers.has([...setOptions, '--help'].join(' ')),
  commands: (_, { wanted }) => [
    [...setOptions, '--source', 'hugepool', ...(wanted === '' ? [] : ['--options', wanted])],
  ],
  entries: (files) => {
    const asked = deploymentEntries(files)
    return asked.length > 0 ? asked : blsEntries(files)
  },
  cannotTakeOver: 'bootc replaces the words of its own source alone',
  once: 'choose the entry of the deployment before in the menu of the boot loader',
}
