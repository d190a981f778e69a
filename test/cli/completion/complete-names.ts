import t from 'tap'
import type { CompletionFacts, WordsBefore } from '../../../src/cli/completion/candidates.ts'
import { nameValues } from '../../../src/cli/completion/complete-names.ts'

const none = (): never => {
  throw new Error('a name asks for nothing else')
}

const bare: CompletionFacts = { sizes: none, defaultSize: none, nodes: none, mounts: none }

/** Each with a name that is in lower case, and one that only differs by that. */
const full: CompletionFacts = {
  ...bare,
  users: () => ['root', 'Root', 'pg'],
  groups: () => ['huge', 'Huge', 'huge2', 'root'],
  cgroups: () => ['/', '/db.slice', '/Db.slice'],
}

/** What every option offers for a beginning. */
const offered = (typed: string, facts: CompletionFacts) =>
  Object.fromEntries(
    Object.entries(nameValues).map(([name, complete]) => [
      name,
      complete(typed, {} as WordsBefore, facts),
    ]),
  )

const texts = (...all: readonly string[]) => all.map((text) => ({ text }))

t.test('every option offers the names of its own kind, in their order', async (t) => {
  t.strictSame(offered('', full), {
    user: texts('root', 'Root', 'pg'),
    group: texts('huge', 'Huge', 'huge2', 'root'),
    cgroup: texts('/', '/db.slice', '/Db.slice'),
  })
})

t.test('a name is told by its beginning and by its case', async (t) => {
  t.strictSame(offered('r', full), { user: texts('root'), group: texts('root'), cgroup: [] })
  t.strictSame(offered('huge', full), { user: [], group: texts('huge', 'huge2'), cgroup: [] })
  t.strictSame(offered('/D', full), { user: [], group: [], cgroup: texts('/Db.slice') })
  t.strictSame(offered('oot', full), { user: [], group: [], cgroup: [] })
})

t.test('a machine of which nothing is known has no names', async (t) => {
  t.strictSame(offered('', bare), { user: [], group: [], cgroup: [] })
})
