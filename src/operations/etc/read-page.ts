import { unsupported } from '../../errors.ts'
import { errnoOf } from '../../kernel/errno.ts'
import { runProgram } from '../../kernel/run-program.ts'
import type { Packaged } from '../../model/packaged.ts'
import type { Ports } from '../ports.ts'

/**
 * Programs that make text of a page. The pages are in mdoc(7), which groff and mandoc(1) can both
 * read.
 */
const formatters: readonly (readonly string[])[] = [
  ['man', '-l'],
  ['mandoc', '-T', 'ascii'],
]

/** Letters that a terminal of paper struck twice: a letter, a step back and a letter. */
const overstrike = /.[\b]/gu
const withoutOverstrikes = (text: string): string => text.replace(overstrike, '')

/** Reads the text that the build made of a page; only the program that is one file has it. */
const textInside = (page: string, { read }: Packaged): string | undefined => {
  try {
    return read(`man/text/${page}`)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Returns a manual page as text of 80 columns. Throws E_UNSUPPORTED where nothing can make text of
 * it here.
 */
export const readPage = async (
  page: string,
  { packaged, run = runProgram }: Pick<Ports, 'packaged' | 'run'>,
): Promise<string> => {
  if (packaged === undefined) throw new Error('the launcher names no files of the program')
  const text = textInside(page, packaged)
  if (text !== undefined) return text
  const file = packaged.fileOf(`dist/man/${page}.gz`)
  for (const words of formatters) {
    const { status, stdout } = await run([...words, file])
    if (status === 0 && stdout !== '') return withoutOverstrikes(stdout)
  }
  throw unsupported(
    'no-feature',
    `${file}: neither man(1) nor mandoc(1) makes text of it here`,
    'install man-db or mandoc',
  )
}
