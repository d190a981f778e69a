import { deepStrictEqual as same } from 'node:assert/strict'
import { parseMountinfo, parseMountinfoLines } from '../../../src/kernel/mounts/mountinfo.ts'
import { octalEscapes } from '../../../src/model/etc/octal-escapes.ts'
import { asOctets, isText, type Octets, octets } from '../../../src/model/etc/octets.ts'
import type { MountLine } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { parseHugetlbfsOptions } from '../../../src/model/mounts/hugetlbfs-options.ts'
import { readAlsoRepeated, unlessRefused } from '../expected.ts'

const escaped = (name: string): string => octets(name.replace(/[ \t\n\\#]/g, octalEscapes))

/** Writes a line as show_mountinfo does (fs/proc_namespace.c). */
const printed = ({ id, parent, device, root, target, flags, type, source, ...rest }: MountLine) => {
  const groups = [
    ...(rest.shared === undefined ? [] : [`shared:${rest.shared}`]),
    ...(rest.master === undefined ? [] : [`master:${rest.master}`]),
    ...(rest.dominant === undefined ? [] : [`propagate_from:${rest.dominant}`]),
  ]
  return [
    ...[id, parent, device, escaped(root), escaped(target), flags, ...groups, '-', type],
    ...[escaped(source), rest.options],
  ].join(' ')
}

const read = (text: Octets): void => {
  const { lines, unknown } = parseMountinfoLines(text)
  for (const target of [undefined, '/mnt/huge']) {
    const found = unlessRefused(() => parseMountinfo(text, target))
    if (found !== undefined) same(found, lines)
    else same(unknown.length > 0, true)
  }
  // Numbers that no kernel writes are not printed as they were read.
  const usual = lines.filter((line) =>
    [line.id, line.parent, line.shared, line.master, line.dominant].every(
      (number) => number === undefined || Number.isSafeInteger(number),
    ),
  )
  if (isText(text))
    same(parseMountinfoLines(asOctets(usual.map(printed).join('\n'))), {
      lines: usual,
      unknown: [],
    })
  for (const { options } of lines) parseHugetlbfsOptions(options, 2n ** 21n)
  parseHugetlbfsOptions(text)
}

/** The mount table of a process, and the options of hugetlbfs in it. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
