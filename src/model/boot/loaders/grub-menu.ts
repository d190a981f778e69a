import { present } from '../../words/present.ts'
import type { BootEntry } from './loader-row.ts'

/** A menu entry or a submenu as a default can name it: by its title, its id or its index from 0. */
interface Level {
  readonly title: string
  readonly id: string
  readonly index: number
}

interface MenuEntry extends BootEntry {
  /** The submenus that the entry is in, the outermost first, and the entry itself. */
  readonly levels: readonly Level[]
}

/** Reads the release in the name of a kernel's file: `/vmlinuz-6.1.0-49-amd64`. */
export const releaseIn = (kernel: string): string | undefined =>
  /(?:vmlinu[xz]|Image|linux)-(\d.*)$/s.exec(kernel.split(/[/\s]/).at(-1) ?? '')?.[1]

const titlePattern = /^\s*(?:menuentry|submenu)\s+(?:'([^']*)'|"([^"]*)"|(\S+))/
const idPattern = /(?:\$menuentry_id_option|--id)\s+'?([^'\s{]+)/
const linuxPattern = /^\s*linux(?:16|efi)?\s+(\S+)(.*)$/s

/** The blocks of a menu that are open at a line. */
interface OpenBlocks {
  readonly depth: number
  /** The submenu or entry that was begun last at each depth. */
  readonly levels: readonly Level[]
}

const readHead = (line: string, index: number): Level => {
  const [, single, double, bare] = titlePattern.exec(line) ?? []
  return {
    title: single ?? double ?? bare ?? '',
    id: idPattern.exec(line)?.[1] ?? '',
    index,
  }
}

const blockChange = (line: string): number =>
  line.trimEnd().endsWith('{') ? 1 : line.trim() === '}' ? -1 : 0

const readOn = (line: string, { depth, levels }: OpenBlocks): OpenBlocks => {
  const after = depth + blockChange(line)
  if (!/^\s*(?:menuentry|submenu)\s/.test(line)) return { depth: after, levels }
  const head = readHead(line, (levels[depth]?.index ?? -1) + 1)
  return { depth: after, levels: [...levels.slice(0, depth), head] }
}

/** Reads the entries of a grub.cfg that start a kernel, in their order. */
const menuEntries = (text: string, path: string): readonly MenuEntry[] => {
  const entries: MenuEntry[] = []
  let blocks: OpenBlocks = { depth: 0, levels: [] }
  for (const line of text.split('\n')) {
    blocks = readOn(line, blocks)
    const [, kernel, words = ''] = linuxPattern.exec(line) ?? []
    if (kernel === undefined) continue
    const { levels } = blocks
    const title = levels.at(-1)?.title ?? ''
    entries.push({
      levels,
      title,
      path,
      ...present({ release: releaseIn(kernel) }),
      line: words.trim(),
    })
  }
  return entries
}

/** Reads the variables of a grubenv. A row of `#` at its end keeps its size, and is no variable. */
export const grubVariables = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
      return name === undefined ? [] : [[name, value] as const]
    }),
  )

/**
 * Reads what the default is set to, with the value of a variable of the environment in place of its
 * name: an entry for one start, or else what the last `set default=` names.
 */
const defaultName = (text: string, variables: ReadonlyMap<string, string>): string => {
  const named = [...text.matchAll(/^[ \t]*set default="([^"]*)"/gm)].map(([, name = '']) => ({
    isOnce: /^\$\{?next_entry\}?$/.test(name),
    name: name.replace(/^\$\{?(\w+)\}?$/, (_, key) => variables.get(key) ?? ''),
  }))
  const set = named.filter(({ name }) => name !== '')
  return (set.find(({ isOnce }) => isOnce) ?? set.at(-1))?.name ?? '0'
}

/** Splits a default such as `1>2` at each `>`. One that belongs to a title is doubled. */
const partsOfName = (name: string): readonly string[] =>
  name.split(/(?<!>)>(?!>)/).map((part) => part.replaceAll('>>', '>'))

/** Tells whether the parts of a default lead to an entry, or to a submenu that it is in. */
const isLedTo = (parts: readonly string[], levels: readonly Level[]): boolean =>
  parts.every((part, at) => {
    const level = levels[at]
    return level !== undefined && [level.title, level.id, `${level.index}`].includes(part)
  })

/** Tells whether a name is the title or id of an entry itself. */
const isNamed = (name: string, levels: readonly Level[]): boolean =>
  levels.at(-1)?.title === name || levels.at(-1)?.id === name

/** Reads what a grub.cfg boots. The entry that is booted without a choice stands first. */
export const grubEntries = (
  text: string,
  path: string,
  environment: string,
): readonly BootEntry[] => {
  const entries = menuEntries(text, path)
  const name = defaultName(text, grubVariables(environment))
  const parts = partsOfName(name)
  const first =
    entries.find(({ levels }) => isLedTo(parts, levels)) ??
    entries.find(({ levels }) => isNamed(name, levels)) ??
    entries[0]
  return [...(first ? [first] : []), ...entries.filter((entry) => entry !== first)].map(
    ({ levels: _, ...entry }) => entry,
  )
}
