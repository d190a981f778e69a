import { present } from '../../words/present.ts'
import { type BootFiles, type LoaderTraces, textsIn } from './boot-files.ts'
import { grubVariables } from './grub-menu.ts'
import { runningLine } from './kernel-cmdline.ts'
import { lastAssigned } from './own-file.ts'

const script = '/etc/init.d/kexec-load'
const settings = '/etc/default/kexec'
const snippets = '/etc/default/kexec.d'
const menu = '/boot/grub/grub.cfg'
const environment = '/boot/grub/grubenv'
/** Holds `1` where a kernel waits in memory, which a reboot then starts (kernel/ksysfs.c). */
export const kexecLoaded = '/sys/kernel/kexec_loaded'
/**
 * With this file the script leaves the next reboot to the boot loader (coldreboot of kexec-tools).
 */
const coldReboot = '/no-kexec-reboot'

/** The traces by which Debian's kexec-load is known, and the files that it reads. */
export const kexecTraces: LoaderTraces = {
  texts: [settings, menu, environment, runningLine, kexecLoaded],
  folders: [snippets],
  marks: [script, coldReboot],
  programs: ['kexec'],
}

/** The line that a reboot by kexec starts with. */
export interface KexecLine {
  readonly path: string
  /** The line; absent where it cannot be told beforehand. */
  readonly line?: string
}

/**
 * Finds the files that the script sources, in their order. Of the directory it sources those that
 * run-parts(8) lists.
 */
const sourced = (files: BootFiles): readonly (readonly [path: string, text: string])[] => [
  [settings, files.texts.get(settings) ?? ''],
  ...textsIn(files, snippets, '').filter(([path]) => /\/[\w-]+$/.test(path)),
]

/**
 * Reads the value that a variable of the script has in the end, and which file gave it. An empty
 * value counts as well.
 */
const settingOf = (
  files: BootFiles,
  name: string,
): { readonly path: string; readonly value: string } | undefined =>
  sourced(files)
    .flatMap(([path, text]) => {
      const value = lastAssigned(text, name)
      return value === undefined ? [] : [{ path, value }]
    })
    .at(-1)

/**
 * Reads the number of the entry that the script takes, which it counts over all submenus. It is NaN
 * where the script ends with an error.
 */
const entryNumber = (text: string, grubenv: string): number => {
  const set = [...text.matchAll(/^.*set default.*$/gm)].at(-1)?.[0] ?? ''
  const [, word = ''] = set.trim().split(/\s+/)
  const named = word.split('"')[1] ?? word
  const name = named === '$' + '{saved_entry}' ? grubVariables(grubenv).get('saved_entry') : named
  return /^\d*$/.test(name ?? '') ? Number(name ?? '') : Number.NaN
}

/**
 * Finds the words of the `linux` line that the script takes from grub.cfg, which it reads in a way
 * of its own.
 */
const grubAppend = (text: string, grubenv: string): string | undefined => {
  const entries = text.split(/^[ \t]*menuentry[ \t]/m).slice(1)
  const entry = entries[entryNumber(text, grubenv)]
  return [...(entry ?? '').matchAll(/^[ \t]*linux[ \t]+\S+[ \t]*(.*)$/gm)].at(-1)?.[1]?.trim()
}

/** Makes a line of a value. A line that a shell would put together first is not told. */
const plainLine = (path: string, line: string): KexecLine =>
  present({ path, line: /[$`]/.test(line) ? undefined : line.trim() })

const ownLine = (files: BootFiles): KexecLine => {
  const append = settingOf(files, 'APPEND')
  return append === undefined || append.value === ''
    ? { path: runningLine, line: (files.texts.get(runningLine) ?? '').trim() }
    : plainLine(append.path, append.value)
}

const isUsed = ({ programs, marks }: BootFiles): boolean =>
  programs.has('kexec') && marks.has(script) && !marks.has(coldReboot)

/**
 * Returns the line that the next reboot starts with where it does not go through the boot loader,
 * because a kernel is loaded already, or because kexec-load of Debian's kexec-tools loads one.
 * Undefined where it goes through the boot loader, also because the script would find nothing in
 * grub.cfg.
 */
export const kexecLine = (files: BootFiles): KexecLine | undefined => {
  if (files.texts.get(kexecLoaded)?.trim() === '1') return { path: kexecLoaded }
  if (!isUsed(files) || settingOf(files, 'LOAD_KEXEC')?.value !== 'true') return undefined
  const text = files.texts.get(menu)
  if (settingOf(files, 'USE_GRUB_CONFIG')?.value !== 'true' || text === undefined)
    return ownLine(files)
  const line = grubAppend(text, files.texts.get(environment) ?? '')
  return line === undefined ? undefined : { path: menu, line }
}
