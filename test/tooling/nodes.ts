import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const folder = join(import.meta.dirname, '../process')

t.test('process tests, which two Nodes run in one tree at once, share no directory', async (t) => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  t.ok(names.length > 20)
  // Those of tap bear the name of the test: both runs would have the same one, and each removes it.
  const sharing = names.filter((name) =>
    readFileSync(join(folder, name), 'utf8').includes('testdir'),
  )
  t.strictSame(sharing, [])
})
