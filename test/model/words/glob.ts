import t from 'tap'
import { globMatches, starsMatch } from '../../../src/model/words/glob.ts'
import * as fc from '../../helpers/property.ts'

t.test('names that a glob means, and others', async (t) => {
  const cases: readonly (readonly [glob: string, yes: readonly string[], no: readonly string[]])[] =
    [
      ['db-1', ['db-1'], ['db-12', 'xdb-1', 'db', '']],
      ['db-*', ['db-1', 'db-', 'db-a.b'], ['db', 'xdb-1']],
      ['*.example', ['a.example', '.example'], ['example', 'a.example.org']],
      ['d?-*a*b', ['db-ab', 'dx-xaxb', 'db-abab'], ['d-ab', 'db-ba', 'db-abx']],
      ['*', ['', 'a'], []],
      ['**', ['', 'ab'], []],
      ['?', ['a', '*'], ['', 'ab']],
      ['', [''], ['a']],
      ['a.c[1]', ['a.c[1]'], ['abc[1]', 'a.c1']],
      ['*a', ['a', 'ba', 'aa'], ['ab', '']],
    ]
  for (const [glob, yes, no] of cases) {
    for (const name of yes) t.equal(globMatches(glob, name), true, `${glob} means ${name}`)
    for (const name of no) t.equal(globMatches(glob, name), false, `${glob} is not ${name}`)
  }
})

t.test('it is what a regular expression says', async () => {
  const letters = fc.stringMatching(/^[ab]{0,8}$/)
  fc.assert(
    fc.property(fc.stringMatching(/^[ab*?]{0,6}$/), letters, (glob, name) => {
      const pattern = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      return globMatches(glob, name) === pattern.test(name)
    }),
    { numRuns: 1000 },
  )
})

t.test('many stars take no longer than their number says', async (t) => {
  t.equal(globMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(4000)), false)
})

t.test('where only stars stand for others, a question mark is itself', async (t) => {
  for (const name of ['?b', '?ab', '?aab']) t.equal(starsMatch('?*b', name), true, name)
  for (const name of ['ab', '?', '?ba', '*?b']) t.equal(starsMatch('?*b', name), false, name)
  t.equal(starsMatch('', ''), true)
  t.equal(starsMatch('', 'a'), false)
})
