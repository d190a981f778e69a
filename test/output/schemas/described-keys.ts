import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { everyKey, keySections } from '../../helpers/json-page.ts'

const page = readFileSync(join(import.meta.dirname, '../../../man/hugepool-json.5'), 'utf8')

t.test('every key of every document is described', async (t) => {
  t.ok(everyKey.length > 150, 'they are found')
  const silent = everyKey.filter(([, { text = '' }]) => text.length < 4)
  t.strictSame(
    silent.map(([where, { path }]) => `${where}: ${path}`),
    [],
  )
})

t.test('the manual names every key and every reason, and says the same', async (t) => {
  const [first, last] = ['.Sh DOCUMENTS\n', '.Sh EXAMPLES\n']
  const found = page.slice(page.indexOf(first), page.indexOf(last)).trimEnd().split('\n')
  t.strictSame(found, keySections)
})
