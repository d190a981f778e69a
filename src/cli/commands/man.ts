import { usage } from '../../errors.ts'
import { define } from '../command.ts'
import { findPage, shortPages } from '../manual-pages.ts'
import { suggestion } from '../suggest.ts'

const pageOf = (word: string): string => {
  const page = findPage(word)
  if (page !== undefined) return page
  const near = suggestion(word, shortPages)
  const known = `the pages are ${shortPages.join(', ')}`
  throw usage(`there is no manual page '${word}'`, near ? `did you mean ${near}?` : known)
}

export const manCommand = define({
  details: [
    'PAGE is a command, or the name of a page with or without its section. Without PAGE it is',
    'hugepool(8). The text is the same wherever it goes; pipe it to a pager to read it in pieces.',
    'It needs no man(1) where hugepool is one file.',
  ],
  operands: { usage: '[PAGE]', least: 0, most: 1, completes: 'page' },
  options: [],
  columns: [],
  examples: [
    { line: 'hugepool man resize | less', meaning: 'the page of a command' },
    { line: 'hugepool man hugepool.toml', meaning: 'the files of the configuration' },
  ],
  resolve: ({ operands: [word = 'hugepool'] }) => pageOf(word),
  run: async (page, ports) => {
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
