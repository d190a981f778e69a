import type { BootFiles } from '../../src/model/boot/loaders/boot-files.ts'
import { octets } from '../../src/model/etc/octets.ts'

/** What was found around boot loaders: files by path, and more. Where a text is, a mark is too. */
export const bootFiles = (
  texts: Readonly<Record<string, string>> = {},
  more: {
    readonly programs?: readonly string[]
    readonly answers?: Readonly<Record<string, string>>
    readonly images?: Readonly<Record<string, string>>
    readonly architecture?: string
  } = {},
): BootFiles => ({
  texts: new Map(Object.entries(texts).map(([path, text]) => [path, octets(text)])),
  marks: new Set(Object.keys(texts)),
  programs: new Set(more.programs),
  answers: new Map(Object.entries(more.answers ?? {})),
  images: new Map(Object.entries(more.images ?? {})),
  release: '6.12.0',
  architecture: more.architecture ?? 'x86_64',
})
