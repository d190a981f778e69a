import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { candidatesFor } from '../../src/cli/completion/completion-text.ts'
import { findPage, manualPages, shortPages } from '../../src/cli/manual-pages.ts'
import { run } from '../helpers/run.ts'

t.test('the pages are those of the directory of pages', async (t) => {
  const pages = readdirSync(join(import.meta.dirname, '../../man'))
  t.strictSame([...manualPages].sort(), pages.sort())
})

t.test('a page is found by command, alias, and name with or without section', async (t) => {
  for (const [word, page] of [
    ['resize', 'hugepool-resize.8'],
    ['set', 'hugepool-resize.8'],
    ['hugepool-resize', 'hugepool-resize.8'],
    ['hugepool-resize.8', 'hugepool-resize.8'],
    ['hugepool', 'hugepool.8'],
    ['hugepool.toml', 'hugepool.toml.5'],
    ['toml', 'hugepool.toml.5'],
    ['json', 'hugepool-json.5'],
    ['resize.8', undefined],
    ['8', undefined],
    ['', undefined],
  ] as const)
    t.equal(findPage(word), page, word)
})

t.test('every word that completion offers is that of another page', async (t) => {
  t.strictSame(shortPages.map(findPage), manualPages)
  const facts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }
  const offered = await candidatesFor(['man', 'mou'], facts)
  t.strictSame(
    offered.map(({ text }) => text),
    ['mounts', 'mount'],
  )
})

t.test('the page of a command, and hugepool(8) where none is named', async (t) => {
  const resize = await run(['man', 'set'], { tree: 'one-node' })
  t.hasStrict(resize, { status: 0, stderr: '' })
  t.match(resize.stdout, /^\.Dt HUGEPOOL-RESIZE 8$/m)
  t.match((await run(['man'], { tree: 'one-node' })).stdout, /^\.Dt HUGEPOOL 8$/m)
  const { page, text } = JSON.parse((await run(['man', 'json', '-J'], { tree: 'one-node' })).stdout)
  t.equal(page, 'hugepool-json.5')
  t.match(text, /^\.Dt HUGEPOOL-JSON 5$/m)
})

t.test('licences are printed like a page', async (t) => {
  const { status, stdout } = await run(['man', 'licences'], { tree: 'one-node' })
  t.equal(status, 0)
  t.match(stdout, /^MIT License\n/)
  t.match(stdout, /^yargs \S+ \(MIT\)$/m)
  const { page } = JSON.parse((await run(['man', 'licences', '-J'], { tree: 'one-node' })).stdout)
  t.equal(page, 'licences')
  const facts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }
  t.strictSame(
    (await candidatesFor(['man', 'lic'], facts)).map(({ text }) => text),
    ['licences'],
  )
})

t.test('a page that there is not', async (t) => {
  t.strictSame(await run(['man', 'rezise'], { tree: 'one-node' }), {
    status: 2,
    stdout: '',
    stderr: [
      "hugepool: there is no manual page 'rezise'",
      'hint: did you mean resize?',
      "try 'hugepool man --help'",
      '',
    ].join('\n'),
  })
})
