import { present } from '../../words/present.ts'
import type { BootEntry } from './loader-row.ts'

interface MenuEntry extends BootEntry {
  readonly id: string
  /** The place among the entries and submenus at the top, from 0; undefined within a submenu. */
  readonly place: number | undefined
}

/** The release in the name of a kernel's file: `/vmlinuz-6.1.0-49-amd64`. */
export const releaseIn = (kernel: string): string | undefined =>
  /(?:vmlinu[xz]|Image|linux)-(\d[^/\s]*)$/.exec(kernel)?.[1]

const titlePattern = /^\s*menuentry\s+(?:'([^']*)'|"([^"]*)"|(\S+))/
const idPattern = /(?:\$menuentry_id_option|--id)\s+'?([^'\s{]+)/
const linuxPattern = /^\s*linux(?:16|efi)?\s+(\S+)[ \t]*(.*)$/

interface Reading {
  readonly depth: number
  /** How many entries and submenus have stood at the top. */
  readonly count: number
  readonly head: Pick<MenuEntry, 'title' | 'id' | 'place'>
}

const readHead = (line: string, { depth, count }: Reading): Reading['head'] => {
  const [, single, double, bare] = titlePattern.exec(line) ?? []
  const title = single ?? double ?? bare ?? ''
  return { title, id: idPattern.exec(line)?.[1] ?? '', place: depth === 0 ? count : undefined }
}

const blockChange = (line: string): number =>
  line.trimEnd().endsWith('{') ? 1 : line.trim() === '}' ? -1 : 0

const readOn = (line: string, reading: Reading): Reading => {
  const depth = reading.depth + blockChange(line)
  if (!/^\s*(?:menuentry|submenu)\s/.test(line)) return { ...reading, depth }
  const count = reading.count + (reading.depth === 0 ? 1 : 0)
  return { depth, count, head: readHead(line, reading) }
}

/** Reads the entries of a grub.cfg that start a kernel, in their order. */
const menuEntries = (text: string, path: string): readonly MenuEntry[] => {
  const entries: MenuEntry[] = []
  let reading: Reading = { depth: 0, count: 0, head: { title: '', id: '', place: undefined } }
  for (const line of text.split('\n')) {
    reading = readOn(line, reading)
    const [, kernel, words = ''] = linuxPattern.exec(line) ?? []
    if (kernel === undefined) continue
    const release = releaseIn(kernel)
    entries.push({ ...reading.head, path, ...present({ release }), line: words.trim() })
  }
  return entries
}

/** The variables of a grubenv, whose size is kept by a row of `#` at its end. */
export const grubVariables = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
      return name === undefined ? [] : [[name, value] as const]
    }),
  )

/** What the last `set default=` names, with a variable of the environment in place of its name. */
const defaultName = (text: string, variables: ReadonlyMap<string, string>): string => {
  const named = [...text.matchAll(/^\s*set default="([^"]*)"/gm)]
    .map(([, name = '']) => name.replace(/^\$\{?(\w+)\}?$/, (_, key) => variables.get(key) ?? ''))
    .filter((name) => name !== '')
  return named.at(-1)?.split('>').at(-1) ?? '0'
}

/** Reads what a grub.cfg boots: the entry that is booted without a choice, and behind it all others. */
export const grubEntries = (
  text: string,
  path: string,
  environment: string,
): readonly BootEntry[] => {
  const entries = menuEntries(text, path)
  const name = defaultName(text, grubVariables(environment))
  const chosen = entries.find(
    ({ title, id, place }) => title === name || id === name || `${place}` === name,
  )
  const first = chosen ?? entries[0]
  return [...(first ? [first] : []), ...entries.filter((entry) => entry !== first)].map(
    ({ id: _, place: __, ...entry }) => entry,
  )
}
