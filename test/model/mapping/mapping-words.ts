import t from 'tap'
import {
  deviceTouchWords,
  failureWords,
  mapWords,
  releaseWords,
  startWords,
  stayWords,
  touchWords,
} from '../../../src/model/mapping/mapping-words.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { overcommitRoom } from '../../../src/model/pools/machine.ts'
import { plural } from '../../../src/model/words/plural.ts'
import { planOf, small } from '../../helpers/mapping-plan.ts'

/** The pool of ten free pages after something was done to it. */
const now = (rest: Partial<Pool>): Pool => ({ ...small, ...rest })

t.test('one and many', async (t) => {
  t.equal(plural(1n, 'page'), '1 page')
  t.equal(plural(0, 'page'), '0 pages')
  t.equal(plural(2n, 'of them is', 'of them are'), '2 of them are')
  t.equal(plural(2n ** 60n, 'page'), '1152921504606846976 pages')
})

t.test('what overcommit leaves', async (t) => {
  t.equal(overcommitRoom(now({ overcommit: 5n, surplus: 2n })), 3n)
  t.equal(overcommitRoom(now({ overcommit: 2n, surplus: 5n })), 0n, 'a pool in use was shrunk')
  const { overcommit, ...unknown } = small
  t.equal(overcommitRoom(unknown), 0n)
  t.equal(overcommit, 0n)
})

t.test('before anything was done', async (t) => {
  t.equal(startWords(small), '10 available')
  t.equal(startWords(now({ reserved: 4n })), '6 available')
  t.equal(startWords(now({ reserved: -1n })), '10 available')
  t.equal(
    startWords(now({ overcommit: 3n, surplus: 1n })),
    '10 available, and overcommit allows 2 more',
  )
  const { reserved, ...unknown } = small
  t.equal(startWords(unknown), '10 available', 'the kernel tells no reservations')
  t.equal(reserved, 0n)
})

t.test('a device that is touched', async (t) => {
  t.equal(deviceTouchWords(small, small, 3n), 'touched at 3 places')
  t.equal(
    deviceTouchWords(small, now({ free: 9n }), 1n),
    'touched at 1 place: 1 page faulted in from the pool',
  )
  t.equal(
    deviceTouchWords(small, now({ free: 7n }), 3n),
    'touched at 3 places: 3 pages faulted in from the pool',
  )
  t.equal(
    deviceTouchWords(small, now({ free: 6n }), 3n),
    'touched at 3 places',
    'others took pages too',
  )
  t.equal(
    deviceTouchWords(now({ free: 7n }), small, 3n),
    'touched at 3 places',
    'others gave some back',
  )
})

t.test('what is there beyond what was', async (t) => {
  const { reserved, ...unknown } = small
  t.equal(stayWords(unknown, unknown), '', 'the kernel tells no reservations')
  t.equal(reserved, 0n)
  t.equal(stayWords(small, now({ free: 9n, reserved: 2n })), '1 page and 2 reservations')
  t.equal(stayWords(small, now({ reserved: 1n })), '1 reservation')
  t.equal(stayWords(now({ free: 8n, reserved: 4n }), small), '')
})

t.test('a mapping that is made', async (t) => {
  for (const [rest, noreserve, words] of [
    [{ reserved: 8n }, false, 'reserved 8 of 10 available'],
    [
      { total: 12n, free: 12n, surplus: 2n, reserved: 12n },
      false,
      'reserved 12: 10 available, 2 surplus pages made for it',
    ],
    [
      { total: 11n, free: 11n, surplus: 1n, reserved: 11n },
      false,
      'reserved 11: 10 available, 1 surplus page made for it',
    ],
    [{ free: 7n }, false, '3 pages faulted in by mmap'],
    [{ free: 9n, reserved: 2n }, false, 'reserved 2 of 10 available, 1 page faulted in by mmap'],
    [{ free: 7n }, true, '3 pages faulted in by mmap'],
    [{ free: 9n }, true, '1 page faulted in by mmap'],
    [{ total: 11n, surplus: 1n, free: 11n }, true, '1 surplus page made for it'],
    [
      { total: 12n, surplus: 2n, free: 0n },
      true,
      '2 surplus pages made for it, 12 pages faulted in by mmap',
    ],
    [{}, true, 'nothing reserved: a NORESERVE mapping is promised no page'],
    [
      {},
      false,
      'nothing more reserved: its pages are there, or reserved already (by min_size, or another mapping of the file)',
    ],
  ] as const)
    t.equal(mapWords(small, now(rest), noreserve), words)
  t.equal(mapWords(small, small, false, true), 'nothing reserved: the memory is that of the device')
})

t.test('a kernel that does not tell what is reserved', async (t) => {
  const { reserved: _before, ...before } = small
  const { reserved: _after, ...after } = now({ free: 9n })
  t.equal(mapWords(before, after, true), '1 page faulted in by mmap')
})

t.test('others give pages back while a mapping is made', async (t) => {
  const used = now({ free: 4n })
  t.equal(mapWords(used, now({ free: 7n, reserved: 4n }), false), 'reserved 4 of 4 available')
})

const on = (...placed: readonly (readonly [number, bigint])[]) => ({
  pages: placed.reduce((sum, [, pages]) => sum + pages, 0n),
  placed: placed.map(([node, pages]) => ({ node, pages })),
})

t.test('pages that were touched', async (t) => {
  for (const [rest, moved, words] of [
    [{ free: 6n }, on([0, 4n]), '4 pages faulted in on node 0'],
    [{ free: 9n }, on([1, 1n]), '1 page faulted in on node 1'],
    [{ free: 2n }, on([0, 6n], [1, 2n]), '8 pages faulted in: 6 on node 0, 2 on node 1'],
    [{ free: 6n }, { pages: 4n, placed: [] }, '4 pages faulted in'],
    [
      { total: 12n, surplus: 2n, free: 0n },
      on([0, 8n], [1, 4n]),
      '12 pages faulted in: 8 on node 0, 4 on node 1; 2 of them are surplus',
    ],
    [{ total: 11n, surplus: 1n }, on([0, 1n]), '1 page faulted in on node 0; 1 of them is surplus'],
    [{}, on([0, 3n]), '3 pages touched on node 0, none of them faulted in now'],
    [{ free: 9n }, on([0, 3n]), '3 pages touched on node 0, 1 of them faulted in now'],
    [
      { free: 9n },
      on([0, 1n], [1, 2n]),
      '3 pages touched: 1 on node 0, 2 on node 1, 1 of them faulted in now',
    ],
  ] as const)
    t.equal(touchWords(small, now(rest), moved), words)
})

t.test('what others take or give back meanwhile is not counted as touched', async (t) => {
  const used = now({ free: 4n })
  t.equal(touchWords(used, now({ free: 6n }), on([0, 3n])), '3 pages touched on node 0')
  t.equal(
    touchWords(small, now({ free: 5n }), on([0, 3n])),
    '3 pages touched on node 0, while others took pages too',
  )
  t.equal(
    touchWords(small, now({ total: 15n, surplus: 5n }), on([0, 3n])),
    '3 pages touched on node 0, while others took pages too',
    'whose the surplus pages are cannot be told',
  )
})

t.test('what stays, and with what', async (t) => {
  const came = 'all pages and reservations came back'
  for (const [rest, holder, words] of [
    [{}, undefined, came],
    [{}, 'file', came],
    [{ free: 7n }, undefined, '3 pages did not come back'],
    [{ free: 7n }, 'file', '3 pages stay with the file'],
    [{ free: 9n }, 'memfd', '1 page stays with the memfd'],
    [{ reserved: 1n }, 'memfd', '1 reservation stays with the memfd'],
    [{ free: 9n, reserved: 1n }, 'file', '1 page and 1 reservation stay with the file'],
    [{ free: 9n, reserved: 4n }, undefined, '1 page and 4 reservations did not come back'],
    [{ total: 20n, free: 20n }, undefined, 'the counters are not where they began'],
    [{ reserved: -1n }, 'file', 'the counters are not where they began'],
  ] as const)
    t.equal(releaseWords(small, now(rest), holder), words)
  t.equal(stayWords(small, small), '')
  const elsewhere = small.nodes.map((one) => ({ ...one, free: one.node === 3 ? 0n : 5n }))
  t.equal(
    releaseWords(small, now({ nodes: elsewhere })),
    'the counters are not where they began',
    'as many free pages, on other nodes',
  )
})

t.test('a failure in one sentence', async (t) => {
  const touching = { pages: 3n, seconds: 1, threads: 1 }
  const of = (line: string) => ({ plan: planOf(line, { touch: 1n }) })
  const reason = { errno: 'ENOMEM', reason: 'short', why: 'for a reason', advice: [] } as const
  t.equal(failureWords(of('2M=12'), reason), '2M: 12 pages cannot be mapped (ENOMEM): for a reason')
  t.equal(failureWords(of('1G=1'), reason), '1G: 1 page cannot be mapped (ENOMEM): for a reason')
  const plan = planOf('2M=9', { touch: 7n })
  for (const [rest, words] of [
    [
      { page: 3n, errno: 'SIGBUS' },
      '2M: touched 3 of 7; SIGBUS at page 3, counted from 0: for a reason',
    ],
    [
      { page: 1n, errno: 'EIO', afterTouch: true },
      '2M: touched 3 of 7, but page 1, counted from 0, could not be used then (EIO): for a reason',
    ],
    [{ mapped: true, errno: 'ESRCH' }, '2M: touched 3 of 7; for a reason'],
  ] as const)
    t.equal(failureWords({ plan, touching }, { ...reason, ...rest }), words)
  t.equal(
    failureWords({ plan }, { ...reason, page: 0n }),
    '2M: touched 0 of 7; ENOMEM at page 0, counted from 0: for a reason',
  )
})
