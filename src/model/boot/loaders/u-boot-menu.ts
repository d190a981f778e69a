import { present } from '../../words/present.ts'
import { textsIn } from './boot-files.ts'
import { releaseIn } from './grub-menu.ts'
import { sequenceIn } from './hugetlb-sequence.ts'
import { cmdlinePath } from './kernel-cmdline.ts'
import type { BootEntry, InstallingLoader, WordsRequest } from './loader-row.ts'
import { assignedWords, ownMark, withoutWordsIn } from './own-file.ts'

const folder = '/etc/u-boot-menu/conf.d'
const vendorFolder = '/usr/share/u-boot-menu/conf.d'
const path = `${folder}/90-hugepool.conf`
const settings = '/etc/default/u-boot'
const menu = '/boot/extlinux/extlinux.conf'
export const uBootUpdate = '/usr/sbin/u-boot-update'

/**
 * Writes the text of the file. u-boot-update reads /etc/kernel/cmdline, and takes the root from it,
 * only where U_BOOT_PARAMETERS is not set. The file sets it, and so has to do both itself.
 */
const textFor = ({ wanted, takesOver }: WordsRequest): string =>
  `${ownMark}
if [ -z "\${U_BOOT_PARAMETERS}" ] && [ -f ${cmdlinePath} ]; then
	U_BOOT_PARAMETERS="$(sed -e 's/root=[^[:space:]]*//' -e 's/^[[:space:]]*//' ${cmdlinePath})"
	[ -n "\${U_BOOT_ROOT}" ] || U_BOOT_ROOT="$(sed -En 's/.*(root=[^[:space:]]*).*/\\1/p' ${cmdlinePath})"
fi
${takesOver ? `${withoutWordsIn('U_BOOT_PARAMETERS')}\n` : ''}U_BOOT_PARAMETERS="\${U_BOOT_PARAMETERS:-ro quiet} ${wanted}"
`

const entryOf = (block: string): (BootEntry & { readonly label: string }) | undefined => {
  const lineOf = (key: string): string =>
    new RegExp(`^[ \\t]*${key}[ \\t]+(.*)$`, 'm').exec(block)?.[1]?.trim() ?? ''
  const [label = ''] = block.split(/\s/)
  if (lineOf('linux') === '') return undefined
  const release = releaseIn(lineOf('linux'))
  return {
    label,
    path: menu,
    title: lineOf('menu label') || label,
    ...present({ release }),
    line: lineOf('append'),
  }
}

/** Reads an extlinux.conf. The label that is booted without a choice stands first. */
export const extlinuxEntries = (text: string): readonly BootEntry[] => {
  const [head = '', ...blocks] = text.split(/^label[ \t]+/m)
  const named = /^default[ \t]+(\S+)/m.exec(head)?.[1]
  const entries = blocks.flatMap((block) => entryOf(block) ?? [])
  const first = entries.find(({ label }) => label === named) ?? entries[0]
  return [...(first ? [first] : []), ...entries.filter((entry) => entry !== first)].map(
    ({ label: _, ...entry }) => entry,
  )
}

/** The extlinux.conf of U-Boot that Debian's package u-boot-menu writes. */
export const uBootMenu: InstallingLoader = {
  kind: 'install',
  name: 'u-boot-menu',
  title: `u-boot-menu (${folder})`,
  traces: {
    programs: ['u-boot-update'],
    texts: [settings, menu, uBootUpdate, cmdlinePath],
    folders: [folder, vendorFolder],
  },
  isHere: ({ programs, texts }) =>
    programs.has('u-boot-update') && (texts.get(uBootUpdate) ?? '').includes('u-boot-menu/conf.d'),
  file: () => ({ path, isOwn: true, write: (_, change) => textFor(change) }),
  commands: () => [['u-boot-update']],
  entries: ({ texts }) => extlinuxEntries(texts.get(menu) ?? ''),
  foreign: (files) => [
    ...[
      [settings, files.texts.get(settings) ?? ''] as const,
      ...textsIn(files, vendorFolder, '.conf'),
      ...textsIn(files, folder, '.conf').filter(([name]) => name !== path),
    ].map(([name, text]) => ({
      path: name,
      words: sequenceIn(assignedWords(text, /^U_BOOT_PARAMETERS$/)),
    })),
    { path: cmdlinePath, words: sequenceIn(files.texts.get(cmdlinePath) ?? '') },
  ],
  once: `delete the words from ${menu} on another machine: the rescue entry has them too`,
}
