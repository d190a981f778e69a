import { sysctlPath } from './written-paths.ts'

/** A value that a text gives to a file of the kernel, which may be a pattern of files. */
export interface WrittenLine {
  readonly line: number
  /**
   * The file of the kernel; absent where the line is about huge pages, and what it does cannot be
   * told from it.
   */
  readonly path?: string
  readonly value?: string
}

/** A sysctl that a line sets. */
export interface SysctlLine {
  readonly line: number
  readonly key: string
  /** The value; absent for a line that only keeps patterns from setting the key. */
  readonly value?: string
}

type NumberedLine = readonly [text: string, line: number]

/** Returns the lines of a text that are no comments, numbered from 1. */
const numberedLines = (text: string, comment: RegExp = /^\s*#/): readonly NumberedLine[] =>
  text
    .split('\n')
    .map((each, index) => [each, index + 1] as const)
    .filter(([each]) => each.trim() !== '' && !comment.test(each))

/**
 * Takes the blanks of ASCII from both ends, which are those of sysctl.d and tmpfiles.d (WHITESPACE in
 * src/basic/string-util.h of systemd), so that octets can be read too.
 */
const withoutBlanks = (text: string): string => /^[ \t\r]*(.*[^ \t\r])?/s.exec(text)?.[1] ?? ''

/** Reads sysctl.d(5): `key = value`, `-key = value`, and `-key` alone. */
export const sysctlLines = (text: string): readonly SysctlLine[] =>
  numberedLines(text, /^[ \t\r]*[#;]/).flatMap(([each, line]) => {
    const text = withoutBlanks(each)
    const [, key, value] = /^-?[ \t\r]*([^= \t\r]+)[ \t\r]*=(.*)$/s.exec(text) ?? []
    if (key !== undefined && value !== undefined)
      return [{ line, key, value: withoutBlanks(value) }]
    const excluded = /^-[ \t\r]*([^ \t\r]+)$/.exec(text)?.[1]
    return excluded === undefined ? [] : [{ line, key: excluded }]
  })

const unquoted = (word: string): string => word.replace(/^(["'])(.*)\1$/, '$2')

/**
 * Reads the lines of tmpfiles.d(5) that write into files. Their words are type, path, mode, user,
 * group, age, and what is written.
 */
export const tmpfilesLines = (text: string): readonly WrittenLine[] =>
  numberedLines(text).flatMap(([each, line]) => {
    const [, path, value] =
      /^[ \t\r]*w[!+=~^$-]*[ \t\r]+([^ \t\r]+)(?:[ \t\r]+[^ \t\r]+){4}[ \t\r]+(.*)$/s.exec(each) ??
      []
    return path === undefined || value === undefined
      ? []
      : [{ line, path: unquoted(path), value: unquoted(withoutBlanks(value)) }]
  })

/** Reads sysfs.conf(5) of sysfsutils: attributes below /sys. */
export const sysfsLines = (text: string): readonly WrittenLine[] =>
  numberedLines(text).flatMap(([each, line]) => {
    const [, key, value] = /^\s*([^\s=]+)\s*=(.*)$/s.exec(each) ?? []
    if (key === undefined || value === undefined) return []
    return [{ line, path: `/sys/${key.replace(/^\/+(?:sys\/)?/, '')}`, value: value.trim() }]
  })

const kilobytes: Readonly<Record<string, number>> = { M: 1024, G: 1024 * 1024 }

/** Reads dpdk.conf of Debian: NR_2M_PAGES and the like. An empty value sets nothing. */
export const dpdkLines = (text: string): readonly WrittenLine[] =>
  numberedLines(text).flatMap(([each, line]) => {
    const [, amount, unit = '', word = ''] = /^\s*NR_(\d+)([MG])_PAGES=(\S*)/.exec(each) ?? []
    const value = unquoted(word)
    if (amount === undefined || value === '') return []
    const size = Number(amount) * (kilobytes[unit] ?? 0)
    return [{ line, path: `/sys/kernel/mm/hugepages/hugepages-${size}kB/nr_hugepages`, value }]
  })

/** Reads hugepages.conf of PF_RING: pages of the default size on a node. */
export const pfRingLines = (text: string): readonly WrittenLine[] =>
  numberedLines(text).flatMap(([each, line]) =>
    /\bhugepagenumber=\d+/.test(each) ? [{ line, value: each.trim() }] : [],
  )

/** Reads config.json of xmrig, which raises pools where it is told to use huge pages. */
export const xmrigLines = (text: string): readonly WrittenLine[] =>
  numberedLines(text, /^\s*\/\//).flatMap(([each, line]) => {
    const [value] = /"(?:huge-pages|1gb-pages)"\s*:\s*(?:true|[1-9]\d*)/.exec(each) ?? []
    return value === undefined ? [] : [{ line, value }]
  })

/** Reads allocator.yaml of Nitro Enclaves: memory that is taken as huge pages of a fitting size. */
export const nitroLines = (text: string): readonly WrittenLine[] =>
  numberedLines(text).flatMap(([each, line]) =>
    /^[\s-]*memory_mib:\s*\d+/.test(each) ? [{ line, value: each.trim() }] : [],
  )

const aboutPages =
  /nr_(?:overcommit_)?hugepages|hugetlb_shm_group|\bhugeadm\b|dpdk-hugepages|\ballocpages\b|\bhugepool\s+(?:resize|set|overcommit|apply)\b|\bspdk\b.*setup\.sh|^\s*hugepages:|(?:^|[\s/=@:+!-])xmrig(?:\s(?!.*--no-huge-pages)|$)/

/** Such words only read files, as scripts do that look whether there are pages for them. */
const readOnlyCalls = /\bcat(?:\s+[^\s<>|;&)]+)+/g

const echoed =
  /(?:echo|printf)\s+(?:-\w+\s+)?["']?(\d+|[a-z][a-z_+]*)(?:\\n)?["']?\s*(?:>|\|\s*(?:sudo\s+)?tee(?:\s+-\w+)*)\s*["']?(\/(?:sys|proc)\/[^\s"';&|)]+)/g

const sysctlCall = /\bsysctl\s+(?:-\w+\s+|--\w+\s+)*["']?([a-z]+(?:[./]\w+)+)\s*=\s*["']?(\d+)/g

/**
 * Reads the lines of a script, of cloud-init or of a crontab: what they write into files of the
 * kernel where that can be told, and otherwise those that are about huge pages.
 */
export const scriptLines = (text: string, among: RegExp = /^/): readonly WrittenLine[] =>
  numberedLines(text).flatMap(([each, line]) => {
    if (!among.test(each)) return []
    const writes = [...each.matchAll(echoed)].map(([, value = '', path = '']) => ({
      line,
      path,
      value,
    }))
    const sysctls = [...each.matchAll(sysctlCall)].map(([, name = '', value = '']) => ({
      line,
      path: sysctlPath(name),
      value,
    }))
    const all = [...writes, ...sysctls]
    if (all.length > 0) return all
    return aboutPages.test(each.replaceAll(readOnlyCalls, '')) ? [{ line, value: each.trim() }] : []
  })

/** Reads the lines of a crontab that run at a start. */
export const rebootLines = (text: string): readonly WrittenLine[] => scriptLines(text, /@reboot/)

/** Reads the command lines of a unit. */
export const execLines = (text: string): readonly WrittenLine[] =>
  scriptLines(text, /^\s*Exec(?:Start|StartPre|StartPost)\s*=/)

/** Finds the programs that the command lines of a unit run, by their paths. */
export const execPrograms = (text: string): readonly string[] =>
  [...text.matchAll(/^[ \t]*Exec(?:Start|StartPre|StartPost)[ \t]*=[ \t]*[-@:+!|]*(\/\S+)/gm)].map(
    ([, path = '']) => path,
  )
