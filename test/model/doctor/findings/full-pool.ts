import t from 'tap'
import {
  allPages,
  isNearlyUsed,
  isOvercommitSpent,
  levelOfFull,
  promised,
} from '../../../../src/model/doctor/findings/full-pool.ts'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import { knownPools, poolOf } from '../../../helpers/known-pools.ts'
import { G } from '../../../helpers/sizes.ts'

t.test('95 pages in a hundred are nearly all', async (t) => {
  const nearly = (total: bigint, free: bigint) => isNearlyUsed(poolOf({ total, free }))
  t.strictSame(
    [nearly(100n, 5n), nearly(100n, 6n), nearly(20n, 1n), nearly(19n, 1n), nearly(0n, 0n)],
    [true, false, true, false, false],
  )
})

t.test('pages that are reserved and are not there', async (t) => {
  const { reserved, ...unseen } = poolOf({ free: 0n })
  t.strictSame(
    [
      promised(poolOf({ free: 3n, reserved: 5n })),
      promised(poolOf({ free: 3n, reserved: 3n })),
      promised(poolOf({ free: 3n, reserved: -1n })),
      promised(unseen),
    ],
    [2n, 0n, 0n, 0n],
    `${reserved} is no reservation`,
  )
})

t.test('how bad it is that a pool has no page left', async (t) => {
  const levelOf = (of: Partial<Pool>, failedGrowths = 0n) => {
    const pool = poolOf({ free: 0n, ...of })
    return levelOfFull(pool, knownPools([pool], { failedGrowths }))
  }
  t.strictSame(
    {
      plain: levelOf({}),
      failedWithoutOvercommit: levelOf({ overcommit: 0n }, 3n),
      room: levelOf({ overcommit: 2n, surplus: 1n }),
      spent: levelOf({ overcommit: 2n, surplus: 2n }),
      takenAwaySince: levelOf({ overcommit: 0n, surplus: 2n }),
      failed: levelOf({ overcommit: 2n }, 1n),
      promised: levelOf({ reserved: 1n }),
    },
    {
      plain: 'note',
      failedWithoutOvercommit: 'note',
      room: 'note',
      spent: 'warning',
      takenAwaySince: 'warning',
      failed: 'warning',
      promised: 'warning',
    },
  )
})

t.test('overcommit that is spent', async (t) => {
  const isSpent = (overcommit: bigint, surplus: bigint) =>
    isOvercommitSpent(poolOf({ overcommit, surplus }))
  t.strictSame(
    [isSpent(2n, 2n), isSpent(1n, 2n), isSpent(3n, 2n), isSpent(0n, 0n), isSpent(0n, 1n)],
    [true, true, false, false, true],
  )
})

t.test('all pages as a subject', async (t) => {
  t.strictSame(
    [
      allPages(1n, { size: G }),
      allPages(2n, { size: G }),
      allPages(1n, { size: G }, 'free'),
      allPages(2n, { size: G }, 'free'),
    ],
    [
      'the only page of 1G is',
      'all 2 pages of 1G are',
      'the only page of 1G that is free is',
      'all 2 pages of 1G that are free are',
    ],
  )
})
