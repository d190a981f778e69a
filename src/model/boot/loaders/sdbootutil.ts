import { blsEntries, entryFolders } from './bls-entries.ts'
import { assigned, textsIn } from './boot-files.ts'
import { sequenceIn } from './hugetlb-sequence.ts'
import { cmdlinePath } from './kernel-cmdline.ts'
import type { InstallingLoader } from './loader-row.ts'
import { ownMark } from './own-file.ts'
import { choicePaths, chosenEntries } from './systemd-boot.ts'

const folder = '/etc/kernel/cmdline.d'
const path = `${folder}/50-hugepool.conf`
const settings = '/etc/sysconfig/bootloader'

const withoutComments = (text: string): string => text.replace(/#.*$/gm, '')

/** sdbootutil of openSUSE and SLE, which reads drop-ins of its own beside /etc/kernel/cmdline. */
export const sdbootutil: InstallingLoader = {
  kind: 'install',
  name: 'sdbootutil',
  title: `sdbootutil (${folder})`,
  traces: {
    programs: ['sdbootutil'],
    texts: [settings, cmdlinePath, ...choicePaths],
    folders: [folder, ...entryFolders],
  },
  isHere: ({ programs, texts }) =>
    programs.has('sdbootutil') &&
    /^(?:systemd-boot|grub2-bls)$/.test(assigned(texts.get(settings) ?? '', 'LOADER_TYPE') ?? ''),
  file: () => ({
    path,
    isOwn: true,
    write: (_, { wanted }) => `${ownMark}\n${wanted}\n`,
  }),
  commands: () => [['sdbootutil', 'update-all-entries']],
  entries: (files) => blsEntries(files, { named: chosenEntries(files) }),
  foreign: (files) =>
    [
      ...textsIn(files, '/etc/kernel', '/cmdline'),
      ...textsIn(files, folder, '.conf').filter(([name]) => name !== path),
    ].map(([name, text]) => ({ path: name, words: sequenceIn(withoutComments(text)) })),
  cannotTakeOver: 'sdbootutil joins all its files, and none can take words out of another',
  once: "press 'e' in the menu and delete the words, or boot a snapshot before",
}
