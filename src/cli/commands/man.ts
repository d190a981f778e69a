import { usage } from '../../errors.ts'
import { define } from '../command.ts'
import { findPage, licencesWord, printableWords } from '../manual-pages.ts'
import { suggestion } from '../suggest.ts'

const pageOf = (word: string): string => {
  const page = word === licencesWord ? licencesWord : findPage(word)
  if (page !== undefined) return page
  const near = suggestion(word, printableWords)
  const known = `the pages are ${printableWords.join(', ')}`
  throw usage(`there is no manual page '${word}'`, near ? `did you mean ${near}?` : known)
}

export const manCommand = define({
  details: [
    'PAGE is a command, or the name of a page with or without its section. Without PAGE it is',
    'hugepool(8). The text is the same wherever it goes; pipe it to a pager to read it in pieces.',
    'It needs no man(1) where hugepool is one file. The page licences is no manual page: it has the',
    'licences of hugepool and of all that came with it.',
  ],
  operands: { usage: '[PAGE]', least: 0, most: 1, completes: 'page' },
  options: [],
  columns: [],
  examples: [
    { line: 'hugepool man resize | less', meaning: 'the page of a command' },
    { line: 'hugepool man hugepool.toml', meaning: 'the files of the configuration' },
    { line: 'hugepool man licences', meaning: 'the licences of all that is inside' },
  ],
  resolve: ({ operands: [word = 'hugepool'] }) => pageOf(word),
  run: async (page, ports) => {
    if (page === licencesWord) {
      const { readLicences } = await import('../../operations/etc/read-licences.ts')
      return readLicences(ports)
    }
    const { readPage } = await import('../../operations/etc/read-page.ts')
    return readPage(page, ports)
  },
  view: (text, page) => ({
    lines: [text.trimEnd()],
    document: () => ({ page, text }),
    words: [],
    hints: [],
    partial: false,
  }),
})
