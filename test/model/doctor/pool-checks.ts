import t from 'tap'
import { countedPages } from '../../../src/model/doctor/check-finding.ts'
import {
  lookAtAlignment,
  lookAtAvailable,
  lookAtCopies,
  lookAtPageSize,
  lookAtSurplusMemory,
} from '../../../src/model/doctor/pool-checks.ts'
import type { MappingRequest } from '../../../src/model/mapping/mapping-request.ts'
import type { FaultFacts } from '../../../src/model/mapping/reasons/fault-facts.ts'
import { asking, doctorFacts } from '../../helpers/doctor-facts.ts'
import { small } from '../../helpers/mapping-plan.ts'
import { M } from '../../helpers/sizes.ts'

const overcommitting = (overcommit: bigint, surplus = 0n) => ({
  pool: { ...small, overcommit, surplus },
})

t.test('the size and the amount are well, or there would be no facts', async (t) => {
  t.strictSame(lookAtPageSize(doctorFacts()), { result: 'ok', has: '2M', needs: '2M' })
  t.strictSame(lookAtAlignment(doctorFacts()), {
    result: 'ok',
    has: { bytes: 8n * M },
    needs: { bytes: 2n * M },
  })
})

t.test('the pool has the pages', async (t) => {
  t.strictSame(lookAtAvailable(asking('2M=10')), {
    result: 'ok',
    has: countedPages(10n),
    needs: countedPages(10n),
  })
  const pool = { ...small, reserved: 3n }
  t.strictSame(lookAtAvailable(asking('2M=4', { pool })), {
    result: 'ok',
    has: countedPages(7n),
    needs: countedPages(4n),
  })
})

t.test('overcommit may add to what is available', async (t) => {
  t.strictSame(lookAtAvailable(asking('2M=12', overcommitting(4n, 1n))), {
    result: 'ok',
    has: countedPages(10n),
    needs: countedPages(12n),
    why: 'overcommit allows 3 more, and 2 are needed',
  })
  t.strictSame(lookAtAvailable(asking('2M=10', overcommitting(4n))), {
    result: 'ok',
    has: countedPages(10n),
    needs: countedPages(10n),
  })
})

t.test('pages are missing', async (t) => {
  t.strictSame(lookAtAvailable(asking('2M=11')), {
    result: 'fail',
    has: countedPages(10n),
    needs: countedPages(11n),
    why: '10 available: 1 missing, and overcommit allows none',
    hints: [
      "'hugepool resize 2M=+1' makes room",
      "'hugepool overcommit 2M=1' lets the kernel make what is missing",
    ],
    answer: '1 of 11 pages is missing',
  })
  t.strictSame(lookAtAvailable(asking('2M=14', { ...overcommitting(3n), canOvercommit: false })), {
    result: 'fail',
    has: countedPages(10n),
    needs: countedPages(14n),
    why: '10 available: 4 missing, and overcommit allows only 3',
    hints: ["'hugepool resize 2M=+4' makes room"],
    answer: '1 of 14 pages is missing',
  })
})

t.test('surplus pages need memory', async (t) => {
  const found = (memory?: bigint, assignment = '2M=12', request: Partial<MappingRequest> = {}) =>
    lookAtSurplusMemory(
      asking(
        assignment,
        { ...overcommitting(4n), ...(memory === undefined ? {} : { memory }) },
        request,
      ),
    )
  const needs = { bytes: 4n * M }
  t.equal(found(0n, '2M=10'), undefined)
  t.strictSame(found(), {
    result: 'unknown',
    needs,
    why: '/proc/meminfo does not show MemAvailable',
  })
  t.strictSame(found(4n * M), {
    result: 'warn',
    has: needs,
    needs,
    why: '2 pages have to be found in one piece when wanted',
  })
  t.strictSame(found(2n * M, '2M=11'), {
    result: 'warn',
    has: { bytes: 2n * M },
    needs: { bytes: 2n * M },
    why: '1 page has to be found in one piece when wanted',
  })
  const inPieces = (ready: bigint, free = 64n * M) => {
    const blocks = [
      { node: 0, free: free / 2n, gigantic: false },
      { node: 1, free: free / 2n, gigantic: false, ready },
    ]
    return lookAtSurplusMemory({
      ...asking('2M=12', { ...overcommitting(4n), memory: 64n * M }),
      blocks,
    })
  }
  t.strictSame(inPieces(1n), {
    result: 'unknown',
    has: { bytes: 64n * M },
    needs,
    why: '2 pages have to be found in one piece when wanted, and of the pieces of free memory 1 can hold one',
    hints: ["'hugepool resize 2M=+2 --compact' tries to make room now"],
  })
  t.equal(inPieces(2n)?.result, 'warn', 'there are enough')
  t.equal(inPieces(1n, 8n * M)?.result, 'warn', 'a quarter of what is free')
  const short = { result: 'fail', has: { bytes: 4n * M - 1n }, needs }
  t.strictSame(found(4n * M - 1n), {
    ...short,
    why: 'too little memory is available for 2 surplus pages',
    hints: ["'hugepool resize 2M=+2' makes room"],
  })
  t.strictSame(found(4n * M - 1n, '2M=1:12'), {
    ...short,
    why: 'too little memory is available for 2 surplus pages',
    hints: ["'hugepool resize 2M=1:+2' makes room there"],
  })
  t.strictSame(found(2n * M - 1n, '2M=11'), {
    result: 'fail',
    has: { bytes: 2n * M - 1n },
    needs: { bytes: 2n * M },
    why: 'too little memory is available for 1 surplus page',
    hints: ["'hugepool resize 2M=+1' makes room"],
  })
  t.strictSame(
    found(4n * M, '2M=6', { fork: true }),
    {
      result: 'warn',
      has: needs,
      needs,
      why: '2 pages have to be found in one piece when wanted',
    },
    'copies of a child can be surplus too',
  )
  t.equal(found(4n * M, '2M=6', { fork: true, sharing: 'shared' }), undefined)
})

t.test('a child that writes needs pages for its copies', async (t) => {
  const found = (assignment: string, pages: Partial<FaultFacts> = {}) =>
    lookAtCopies(asking(assignment, pages, { fork: true }))
  const shared = 'a shared mapping (--shared) is not copied'
  t.equal(lookAtCopies(asking('2M=6')), undefined)
  t.strictSame(lookAtCopies(asking('2M=6', {}, { fork: true, sharing: 'shared' })), {
    result: 'ok',
    why: 'a shared mapping is not copied',
  })
  t.strictSame(found('2M=5'), { result: 'ok', has: countedPages(10n), needs: countedPages(10n) })
  t.strictSame(found('2M=6', overcommitting(2n)), {
    result: 'ok',
    has: countedPages(10n),
    needs: countedPages(12n),
  })
  t.strictSame(found('2M=6', overcommitting(1n)), {
    result: 'fail',
    has: countedPages(10n),
    needs: countedPages(12n),
    why: 'a child that writes to its copies lacks 1 page, and dies of SIGBUS',
    hints: ["'hugepool resize 2M=+1' makes room", shared],
  })
  t.strictSame(
    found('2M=12'),
    {
      result: 'fail',
      has: countedPages(10n),
      needs: countedPages(24n),
      why: 'a child that writes to its copies lacks 12 pages, and dies of SIGBUS',
      hints: ["'hugepool resize 2M=+12' makes room", shared],
    },
    'what lacks without a child is not said to be for it, and has a hint of its own',
  )
  t.strictSame(
    found('2M=1:3'),
    {
      result: 'fail',
      has: countedPages(10n),
      needs: countedPages(6n),
      why: 'a child that writes to its copies lacks 2 pages, and dies of SIGBUS',
      hints: ["'hugepool resize 2M=1:+2' makes room there", shared],
    },
    'on its node',
  )
})
