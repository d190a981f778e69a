import t from 'tap'
import { nearWord } from '../../../src/model/words/near-word.ts'

const known = ['pages', 'page-size', 'mode', 'uid', 'min-size', 'nr-inodes']

t.test('words that are meant', async (t) => {
  const meant: Readonly<Record<string, string | undefined>> = {
    page: 'pages',
    pags: 'pages',
    paegs: 'pages',
    pagess: 'pages',
    paages: 'pages',
    pagesss: undefined,
    pag: undefined,
    xagos: undefined,
    pbgis: undefined,
    Pages: 'pages',
    xages: 'pages',
    pagesize: 'page-size',
    page_size: 'page-size',
    PageSize: 'page-size',
    page_siz: 'page-size',
    min_size: 'min-size',
    mod: 'mode',
    code: 'mode',
    pagse1: undefined,
    pge: undefined,
    ui: undefined,
    gid: 'uid',
    xyz: undefined,
    '': undefined,
  }
  for (const [typed, word] of Object.entries(meant)) t.equal(nearWord(typed, known), word, typed)
})

t.test('the letters count before an edit', async (t) => {
  t.equal(nearWord('ab_c', ['abd', 'a-bc']), 'a-bc')
})
