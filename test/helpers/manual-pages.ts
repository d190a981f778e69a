import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = join(import.meta.dirname, '../../man')

export const pageNames: readonly string[] = readdirSync(directory).sort()
export const pageText = (name: string): string => readFileSync(join(directory, name), 'utf8')

/** The lines of a section, headings of subsections included. */
export const sectionOf = (page: string, title: string): readonly string[] => {
  const [, rest = ''] = page.split(`\n.Sh ${title}\n`)
  return (rest.split('\n.Sh ')[0] ?? '').split('\n')
}

/** The lines of a subsection. */
export const subsectionOf = (page: string, title: string): readonly string[] => {
  const [, rest = ''] = page.split(`\n.Ss ${title}\n`)
  return (rest.split(/\n\.S[sh] /)[0] ?? '').split('\n')
}

/** What is typed to another tool, and what hugepool(8) says to type in its place, by a title there. */
export const foreignRows = (title: string): ReadonlyMap<string, string> =>
  new Map(
    subsectionOf(pageText('hugepool.8'), title).flatMap((line) => {
      const [, typed, here] = /^\.It (.*) Ta (.*)$/.exec(line) ?? []
      return typed === undefined || here === undefined ? [] : [[typed, here] as const]
    }),
  )

/** What of a row is typed; a comma and more words may stand after it. */
export const typedHere = (here = ''): string => here.replace(/, .*/, '')

/** The exit statuses that a page documents. */
export const statusesOf = (page: string): readonly number[] =>
  sectionOf(page, 'EXIT STATUS').flatMap((line) => {
    const [, status] = /^\.It (\d+)$/.exec(line) ?? []
    return status === undefined ? [] : [Number(status)]
  })

export interface Example {
  readonly page: string
  /** What stands behind the prompt. */
  readonly line: string
  /** What the page shows of the output, both streams. */
  readonly shown: readonly string[]
}

const unescaped = (line: string): string => line.replaceAll('\\e', '\\').replaceAll('\\&', '')

const isWordLine = (line: string): boolean => /^(?:hugepool|hint):/.test(line)

/**
 * Whether a line goes on with the one before, which is too long for 80 columns: words are indented,
 * and those of a table stand in their column.
 */
const goesOn = (line: string, before: string): boolean =>
  isWordLine(before) ? /^ +\S/.test(line) : /^ {30,}\S/.test(line)

/** The lines of a page, in which those that are folded are whole again. */
export const unfoldedLines = (page: string): readonly string[] => {
  const whole: string[] = []
  for (const line of page.split('\n')) {
    const before = whole.at(-1) ?? ''
    if (/^[^.].*\\e$/.test(before)) whole.splice(-1, 1, before.slice(0, -2) + line.trimStart())
    else if (goesOn(line, before)) whole.splice(-1, 1, `${before} ${line.trimStart()}`)
    else whole.push(line)
  }
  return whole
}

/** The lines of a page that stand behind a prompt, with what follows them in the same display. */
export const examplesOf = (page: string): readonly Example[] => {
  const lines = unfoldedLines(pageText(page))
  return lines.flatMap((text, at) => {
    const [, dl, line] = /^(\.Dl )?[$#] (.*)$/.exec(text) ?? []
    if (line === undefined) return []
    const rest = lines.slice(at + 1)
    const end = rest.findIndex((next) => /^\.Ed|^[$#] /.test(next))
    return [{ page, line: unescaped(line), shown: dl ? [] : rest.slice(0, end).map(unescaped) }]
  })
}

/** The words given to hugepool in a line of shell: up to what belongs to the shell. */
export const hugepoolWords = (line: string): readonly string[] | undefined => {
  const typed = /(?:^|\()hugepool(?= |$)((?:'[^']*'|[^|<>()&;])*)/.exec(line)?.[1]
  const words = typed?.match(/'[^']*'|[^ ]+/g) ?? []
  return typed === undefined ? undefined : words.map((word) => word.replace(/^'(.*)'$/, '$1'))
}
