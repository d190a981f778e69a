import { asOctets, type Octets } from '../../etc/octets.ts'
import { sysctlLines, tmpfilesLines } from '../writers/writer-lines.ts'
import { sysctlPath } from '../writers/written-paths.ts'
import type { TunedSetting } from './setting-kind.ts'
import { fileValue, type SettingValue } from './setting-value.ts'

/** The two files in which hugepool keeps settings, by what reads them at a start. */
export type StartFileKind = 'sysctl' | 'tmpfiles'

/**
 * In sysctl.d the last line of a key counts, so that the name sorts late. In tmpfiles.d the first
 * line of a path counts, so that the name sorts early.
 */
export const ownStartFiles: Readonly<Record<StartFileKind, string>> = {
  sysctl: '/etc/sysctl.d/90-hugepool.conf',
  tmpfiles: '/etc/tmpfiles.d/10-hugepool.conf',
}

const header = `# 'hugepool tune --persist' writes this file, and keeps nothing but its settings.
# What else this machine should have belongs into a file of another name.
`

/** Tells whether hugepool wrote a text. */
export const isOwnStartText = (text: string): boolean => text.startsWith(header)

/** Tells which of the two files keeps a setting: files of /proc/sys are sysctls. */
export const startFileKind = ({ path }: TunedSetting): StartFileKind =>
  path.startsWith('/proc/sys/') ? 'sysctl' : 'tmpfiles'

/** A file of the kernel, and what a start writes to it. */
type Entry = readonly [path: string, value: string]

const entriesIn = (kind: StartFileKind, text: string): readonly Entry[] =>
  kind === 'sysctl'
    ? sysctlLines(text).flatMap(({ key, value }) =>
        value === undefined ? [] : [[sysctlPath(key), value] as const],
      )
    : tmpfilesLines(text).flatMap(({ path, value }) =>
        path === undefined || value === undefined ? [] : [[path, value] as const],
      )

const sysctlKey = (path: string): string =>
  path.slice('/proc/sys/'.length).replace(/[./]/g, (each) => (each === '/' ? '.' : '/'))

const settingLine = (kind: StartFileKind, [path, value]: Entry): string =>
  kind === 'sysctl' ? `${sysctlKey(path)} = ${value}` : `w ${path} - - - - ${value}`

/** A setting that the files of a start are to keep, or to lose where it has no value. */
export interface KeptSetting {
  readonly setting: TunedSetting
  readonly value?: SettingValue
}

/**
 * Merges settings into one of hugepool's own files; `before` is undefined where there is no such
 * file. Other settings keep their values to the byte, and only comments are lost. Returns undefined
 * where the file would set nothing any more, so that it can go.
 */
export const mergeIntoStartFile = (
  kind: StartFileKind,
  before: Octets | undefined,
  kept: readonly KeptSetting[],
): Octets | undefined => {
  const entries = new Map<string, string>(entriesIn(kind, before ?? ''))
  for (const { setting, value } of kept)
    if (startFileKind(setting) !== kind) continue
    else if (value === undefined) entries.delete(setting.path)
    else entries.set(setting.path, fileValue(setting, value))
  if (entries.size === 0) return undefined
  const lines = [...entries].map((entry) => settingLine(kind, entry))
  return asOctets(`${header}${lines.join('\n')}\n`)
}
