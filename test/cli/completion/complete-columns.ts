import t from 'tap'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'

const noFacts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }

const offered = async (typed: string) =>
  (await candidatesFor(['list', '-o', typed], noFacts)).map(({ text }) => text)

t.test('the columns that are not named yet', async (t) => {
  t.strictSame(await offered('SI'), ['SIZE'])
  t.strictSame(await offered('SIZE,S'), ['SIZE,SURPLUS'])
  t.strictSame(await offered('si'), ['size'])
})

t.test('after a plus those that are usual are there already', async (t) => {
  t.strictSame(await offered('+S'), [])
  t.strictSame(await offered('+DEM'), ['+DEMOTE-SIZE'])
})
