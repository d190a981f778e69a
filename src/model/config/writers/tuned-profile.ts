import { thpDirectory } from '../tune/thp-settings.ts'
import type { SysctlLine, WrittenLine } from './writer-lines.ts'

/** What a profile of tuned sets when tuned starts. */
export interface TunedProfile {
  /** The profiles on which it builds. */
  readonly includes: readonly string[]
  readonly sysctls: readonly SysctlLine[]
  readonly writes: readonly WrittenLine[]
  /** The paths of scripts that it runs; `${i:PROFILE_DIR}` is the directory of the profile. */
  readonly scripts: readonly string[]
}

interface TunedEntry {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly line: number
}

const entriesOf = (text: string): readonly TunedEntry[] => {
  let section = ''
  return text.split('\n').flatMap((each, index) => {
    const heading = /^\s*\[([^\]]+)\]/.exec(each)?.[1]
    if (heading !== undefined) section = heading
    const [, key, value] = /^\s*([^#;=\s[][^=\s]*)\s*=(.*)$/s.exec(each) ?? []
    return key === undefined || value === undefined
      ? []
      : [{ section, key, value: value.trim(), line: index + 1 }]
  })
}

/** The plugin `vm` writes these files (tuned/plugins/plugin_vm.py). */
const vmFiles: Readonly<Record<string, string>> = {
  transparent_hugepages: `${thpDirectory}/enabled`,
  transparent_hugepage: `${thpDirectory}/enabled`,
  'transparent_hugepage.defrag': `${thpDirectory}/defrag`,
}

/**
 * Reads tuned.conf(5). A value is taken as it stands, because variables of a profile are not known
 * here.
 */
export const parseTunedProfile = (text: string): TunedProfile => {
  const entries = entriesOf(text)
  const named = (section: string) => entries.filter((entry) => entry.section === section)
  const wordsUnder = (section: string, name: string) =>
    named(section)
      .filter(({ key }) => key === name)
      .flatMap(({ value }) => value.split(/[\s,;]+/).filter((word) => word !== ''))
  return {
    includes: wordsUnder('main', 'include'),
    sysctls: named('sysctl').map(({ key, value, line }) => ({ key, value, line })),
    writes: [
      ...named('vm').flatMap(({ key, value, line }) => {
        const path = vmFiles[key]
        return path === undefined ? [] : [{ path, value, line }]
      }),
      ...named('sysfs').map(({ key, value, line }) => ({ path: key, value, line })),
    ],
    scripts: wordsUnder('script', 'script'),
  }
}

/**
 * Reads the words that tuned has the boot loader add to the kernel command line (00_tuned of
 * tuned).
 */
export const tunedBootLine = (text: string): string =>
  /^TUNED_BOOT_CMDLINE=(["']?)(.*)\1\s*$/m.exec(text)?.[2] ?? ''

/**
 * Tells whether tuned writes the lines of sysctl.d again when it starts: reapply_sysctl of
 * tuned-main.conf, which is on unless it is switched off (tuned/consts.py).
 */
export const reappliesSysctl = (text: string | undefined): boolean => {
  const value = /^[ \t]*reapply_sysctl[ \t]*=[ \t]*(\S+)/m.exec(text ?? '')?.[1] ?? '1'
  return !/^(?:0|false|no|off)$/i.test(value)
}
