import t from 'tap'
import { commands } from '../src/cli/commands.ts'
import { pageText, sectionOf } from './helpers/manual-pages.ts'
import { privilegeLines, privileges } from './helpers/privileges.ts'

const names = commands.map(({ name }) => name)

t.test('it is known of every command what it needs', async (t) => {
  t.strictSame(Object.keys(privileges), names)
})

for (const name of names)
  t.test(`the page of ${name} says in the same words what it needs`, async (t) => {
    const needs = privileges[name] ?? { ways: [] }
    const section = sectionOf(pageText(`hugepool-${name}.8`), 'PRIVILEGES')
    t.strictSame(section, privilegeLines(needs))
  })
