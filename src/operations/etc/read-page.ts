import { unsupported } from '../../errors.ts'
import { runProgram } from '../../kernel/run-program.ts'
import type { Ports } from '../ports.ts'
import { ownFiles, textInside } from './text-inside.ts'

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

/**
 * Returns a manual page as text of 80 columns. Throws E_UNSUPPORTED where nothing can make text of
 * it here.
 */
export const readPage = async (
  page: string,
  { packaged, run = runProgram }: Pick<Ports, 'packaged' | 'run'>,
): Promise<string> => {
  const files = ownFiles(packaged)
  // The text that the build made of a page is in the program that is one file alone.
  const text = textInside(`man/text/${page}`, files)
  if (text !== undefined) return text
  const file = files.fileOf(`dist/man/${page}.gz`)
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
