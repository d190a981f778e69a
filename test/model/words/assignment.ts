import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { namesNodes, parseAssignment } from '../../../src/model/words/assignment.ts'
import * as fc from '../../helpers/property.ts'
import { M } from '../../helpers/sizes.ts'

t.test('a size and a count', async (t) => {
  const assignment = parseAssignment('2M=+64')
  t.strictSame(assignment, {
    text: '2M=+64',
    size: 2n * M,
    counts: { kind: 'pages', sign: '+', pages: 64n },
  })
  t.notOk(namesNodes(assignment))
  t.hasStrict(parseAssignment('default=8G'), { size: 'default', counts: { kind: 'memory' } })
  t.hasStrict(parseAssignment('1G=max'), { size: 1024n * M, counts: { kind: 'max' } })
})

t.test('a size and a count for each of some nodes', async (t) => {
  const assignment = parseAssignment('1G=0:2,11:-1,2:512M')
  t.ok(namesNodes(assignment))
  t.strictSame(assignment.counts, [
    { node: 0, count: { kind: 'pages', sign: '', pages: 2n } },
    { node: 11, count: { kind: 'pages', sign: '-', pages: 1n } },
    { node: 2, count: { kind: 'memory', sign: '', bytes: 512n * M } },
  ])
})

t.test('what is no assignment is an error of usage', async (t) => {
  const wrong: Readonly<Record<string, RegExp>> = {
    '': /is not an assignment/,
    '2M': /is not an assignment/,
    '2M:5': /is not an assignment/,
    '=5': /'' is not a page size/,
    '2X=5': /'2X' is not a page size/,
    '0=5': /'0' is not a page size/,
    '-2M=5': /'-2M' is not a page size/,
    '2M2=5': /'2M2' is not a page size/,
    ' 2M=5': /' 2M' is not a page size/,
    '2M=': /'' is not a count/,
    '2M==5': /'=5' is not a count/,
    '2M=5=6': /'5=6' is not a count/,
    '2M=5,6': /'5,6' is not a count/,
    '2M=0:5,6': /'6' names no node/,
    '2M=0:5,': /'' names no node/,
    '2M=,0:5': /'' names no node/,
    '2M=0:': /'' is not a count/,
    '2M=:5': /'' is not a node/,
    '2M=x:5': /'x' is not a node/,
    '2M=0-1:5': /'0-1' is not a node/,
    '2M=all:5': /'all' is not a node/,
    '2M=00:5': /'00' is not a node/,
    '2M=1024:5': /'1024' is not a node/,
    '2M=0:5:6': /'5:6' is not a count/,
    '2M=0:5,0:6': /'2M=0:5,0:6' names node 0 twice/,
    '2M=0:5,1:6,0:5': /names node 0 twice/,
  }
  for (const [text, message] of Object.entries(wrong))
    t.throws(() => parseAssignment(text), { code: 'E_USAGE', message }, text)
})

t.test('a missing = says how an assignment is written', async (t) => {
  t.throws(() => parseAssignment('2M'), {
    code: 'E_USAGE',
    hint: 'write SIZE=COUNT as in 2M=512, or SIZE=NODE:COUNT,... as in 1G=0:2,1:2',
  })
})

t.test('any text is refused or is an assignment, whose parts are those of the text', async () => {
  const near = fc.stringMatching(/^[0-9MGk]{0,4}=?[-+0-9:,GM%]{0,14}$/)
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      try {
        const assignment = parseAssignment(text)
        const entries = text.slice(text.indexOf('=') + 1).split(',')
        return (
          assignment.text === text &&
          namesNodes(assignment) === text.includes(':') &&
          (!namesNodes(assignment) ||
            assignment.counts.every(({ node }, i) => entries[i]?.startsWith(`${node}:`)))
        )
      } catch (error) {
        return error instanceof HugepoolError && error.code === 'E_USAGE'
      }
    }),
    { numRuns: 500 },
  )
})
