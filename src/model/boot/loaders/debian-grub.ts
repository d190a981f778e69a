import { textsIn } from './boot-files.ts'
import { isSystemdBoot, loaderInfo, systemdBootMarks } from './efi-variables.ts'
import { grubEntries } from './grub-menu.ts'
import { sequenceIn } from './hugetlb-sequence.ts'
import type { InstallingLoader, WordsRequest } from './loader-row.ts'
import { assignedWords, ownMark, withoutWordsIn } from './own-file.ts'

const folder = '/etc/default/grub.d'
/**
 * The name sorts behind those of files that clouds have there: they assign the variable anew, so
 * that what is added before them is lost.
 */
const path = `${folder}/99-hugepool.cfg`
const settings = '/etc/default/grub'
const menu = '/boot/grub/grub.cfg'
const environment = '/boot/grub/grubenv'
const programTexts = ['/usr/sbin/grub-mkconfig', '/usr/bin/grub-mkconfig']

const variables = ['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'] as const
const [, ownVariable] = variables

const textFor = ({ wanted, takesOver }: WordsRequest): string =>
  [
    ownMark,
    ...(takesOver ? variables.map(withoutWordsIn) : []),
    `${ownVariable}="$${ownVariable} ${wanted}"`,
    '',
  ].join('\n')

/**
 * GRUB of Debian and of systems that come from it, whose grub-mkconfig reads drop-ins. Entries of
 * the recovery mode do not get the variable, so that they stay a way back.
 */
export const debianGrub: InstallingLoader = {
  kind: 'install',
  name: 'debian-grub',
  title: `GRUB of Debian (${folder})`,
  traces: {
    programs: ['update-grub'],
    texts: [settings, menu, environment, loaderInfo, ...programTexts],
    folders: [folder],
    marks: systemdBootMarks,
  },
  isHere: (files) =>
    files.programs.has('update-grub') &&
    programTexts.some((program) => files.texts.get(program)?.includes('default/grub.d')) &&
    !(files.texts.has(loaderInfo) && isSystemdBoot(files)),
  file: () => ({ path, isOwn: true, write: (_, change) => textFor(change) }),
  commands: () => [['update-grub']],
  entries: ({ texts }) => grubEntries(texts.get(menu) ?? '', menu, texts.get(environment) ?? ''),
  foreign: (files) =>
    [
      [settings, files.texts.get(settings) ?? ''] as const,
      ...textsIn(files, folder, '.cfg').filter(([name]) => name !== path),
    ].map(([name, text]) => ({
      path: name,
      words: sequenceIn(assignedWords(text, /^GRUB_CMDLINE_LINUX(?:_DEFAULT)?$/)),
    })),
  once: "choose the recovery mode in the menu of GRUB, or press 'e' there and delete the words",
}
