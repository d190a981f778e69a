import t from 'tap'
import type { CheckFinding } from '../../../src/model/doctor/check-finding.ts'
import { checkMapping } from '../../../src/model/doctor/checks.ts'
import { faultReason } from '../../../src/model/mapping/reasons/fault-reason.ts'
import { refusalReason } from '../../../src/model/mapping/reasons/refusal-reason.ts'
import type { ResourceLimit } from '../../../src/model/processes/process-limits.ts'
import { mappings, plainUser } from '../../helpers/doctor-facts.ts'
import { anywhere } from '../../helpers/fault-facts.ts'
import { planOf } from '../../helpers/mapping-plan.ts'
import * as fc from '../../helpers/property.ts'
import { M } from '../../helpers/sizes.ts'

// Sentences of the checks and of a test: one thing is not spoken of as many.

const nouns = 'pages|processes|nodes|mappings|segments|files|places|bytes'
const wrongly = new RegExp(
  `(?<![\\d.,:-])1 (?:more )?(?:${nouns}|are|come|have|surplus pages)\\b|all 1 page|\\b(?:[02-9]|\\d{2,}) (?:page|process|node|mapping|segment|is|comes|has)\\b`,
)

t.test('the pattern knows what is wrong', async (t) => {
  for (const text of [
    '1 pages',
    '1 of 3: 1 are',
    'all 1 page',
    '2 page',
    '1 come from',
    '1 more are',
  ])
    t.match(text, wrongly, text)
  for (const text of ['1 page', '2 pages', '11 pages', '1 comes', '0 pages', '1 of 3 pages is'])
    t.notMatch(text, wrongly, text)
})

const wordsOf = ({ why = '', answer = '', hints = [] }: CheckFinding): readonly string[] => [
  why,
  answer,
  ...hints,
]

const few = fc.bigInt({ min: 1n, max: 4n })

const places = fc.record({
  via: fc.constantFrom('anon', 'file', 'memfd', 'shm'),
  pages: few,
  fork: fc.boolean(),
  limit: fc.constantFrom<ResourceLimit>(M, 2n * M, 'unlimited'),
  count: few,
} as const)

t.test('no sentence of a check says one of many', async (t) => {
  fc.assert(
    fc.property(anywhere, places, (facts, { via, pages: wanted, fork, limit, count }) => {
      const plan = planOf('2M=1', { via })
      const policy = facts.policy
      const parts = plan.parts.map((part) => ({
        ...part,
        pages: wanted,
        ...(policy && { policy }),
      }))
      const asked = mappings(parts, { ...facts, wanted }, { plan, fork })
      const findings = checkMapping({
        ...asked,
        hierarchies: {},
        identity: plainUser,
        limits: { addressSpace: limit, dataSize: limit, fileSize: limit, memlock: limit },
        space: { mapped: M, data: M, mappings: count, mostMappings: count },
        segments: {
          rights: { shmmax: M, shmall: count, shmmni: count },
          sameNamespace: true,
          there: { segments: 1n, basePages: 1n },
          basePage: 4096n,
          memlockCounts: fork,
        },
      })
      t.strictSame(
        findings.flatMap(wordsOf).filter((words) => wrongly.test(words)),
        [],
      )
    }),
    { numRuns: 500 },
  )
})

t.test('and none of a test that was refused', async (t) => {
  fc.assert(
    fc.property(anywhere, few, (facts, wanted) => {
      const asked = { ...facts, wanted }
      const said = [refusalReason(asked), faultReason('SIGBUS', asked)]
      t.strictSame(
        said.flatMap(({ why, advice }) => [why, ...advice]).filter((words) => wrongly.test(words)),
        [],
      )
    }),
    { numRuns: 500 },
  )
})
