import t from 'tap'
import { holdersOnDevice } from '../../../../src/model/processes/who/holders-on-device.ts'
import { areaOf, fileOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const open = (pid: number, path: string, key = '00:27:5', rest = {}) => ({
  process: processNumber(pid),
  key,
  size,
  path,
  way: 'open file' as const,
  ...rest,
})

t.test('who has something of one file system', async (t) => {
  const found = {
    ...nothingFound,
    files: new Map([fileOf('00:27:5', 3n), fileOf('00:27:6', undefined), fileOf('00:28:5', 1n)]),
    descriptors: [
      open(9, '/mnt/huge/a', '00:27:5', { mountId: 30 }),
      open(9, '/mnt/huge', '00:27:1', { way: 'working directory' }),
      open(7, '/mnt/huge/b (deleted)', '00:27:6'),
      open(8, '/mnt/other/a', '00:28:5'),
    ],
    areas: [
      areaOf(9, { key: '00:27:5', path: '/mnt/huge/a', isPrivate: false, mountId: 30 }),
      areaOf(9, { key: '00:27:5', path: '/mnt/huge/a', isPrivate: false, mountId: 31 }),
      areaOf(9, {}),
    ],
  }
  const file = { inode: 5n, bytes: 3n * size, named: true }
  const zoo = { pid: 9, command: 'zoo' }
  t.strictSame(holdersOnDevice(found, '00:27', 9), {
    found: [{ pid: 7, command: 'zoo', holds: 'open file', path: '/mnt/huge/b (deleted)' }],
    unexamined: [],
  })
  t.strictSame(holdersOnDevice(found, '00:27', 1), {
    found: [
      { pid: 7, command: 'zoo', holds: 'open file', path: '/mnt/huge/b (deleted)' },
      {
        ...zoo,
        holds: 'working directory',
        path: '/mnt/huge',
        file: { inode: 1n, bytes: 0n, named: true },
      },
      { ...zoo, holds: 'open file', path: '/mnt/huge/a', mountId: 30, file },
      { ...zoo, holds: 'mapping', path: '/mnt/huge/a', mountId: 30, file },
      { ...zoo, holds: 'mapping', path: '/mnt/huge/a', mountId: 31, file },
    ],
    unexamined: [],
  })
})

t.test('what one process wrote to private mappings of a file is together', async (t) => {
  const [one, two] = [
    areaOf(7, { key: '00:27:5', path: '/mnt/huge/a', frames: [512, 1024] }),
    areaOf(7, {
      key: '00:27:5',
      path: '/mnt/huge/a',
      own: { frames: [], alone: 2n, together: 1n },
    }),
  ] as const
  const shared = areaOf(7, { key: '00:27:5', path: '/mnt/huge/a', isPrivate: false })
  const ownOf = (...areas: (typeof one)[]) =>
    holdersOnDevice({ ...nothingFound, areas }, '00:27', undefined).found.map(({ own }) => own)
  t.strictSame(ownOf(one, two), [{ frames: [512, 1024], unplaced: 3 }])
  t.strictSame(ownOf(shared, one), [{ frames: [512, 1024], unplaced: 0 }])
  t.strictSame(ownOf(one, shared), [{ frames: [512, 1024], unplaced: 0 }])
  t.strictSame(ownOf(shared), [undefined])
})

t.test('a removed name', async (t) => {
  const found = {
    ...nothingFound,
    files: new Map([fileOf('00:27:5', 1n)]),
    descriptors: [open(7, '/mnt/huge/a (deleted)')],
  }
  t.equal(holdersOnDevice(found, '00:27', undefined).found[0]?.file?.named, false)
})

t.test('who could not be looked into', async (t) => {
  const process = processNumber(7)
  const unseen = (errno?: string) => ({
    ...nothingFound,
    unseen: new Map([[7, { process, bytes: 0n, ...(errno !== undefined && { errno }) }]]),
    ...(errno === 'EPERM' && { hidden: 'users' as const }),
  })
  t.strictSame(holdersOnDevice(unseen('EACCES'), '00:27', undefined), {
    found: [],
    unexamined: [{ pid: 7, command: 'zoo', errno: 'EACCES' }],
  })
  t.strictSame(holdersOnDevice(unseen('EPERM'), '00:27', undefined), {
    found: [],
    unexamined: [{ pid: 7, command: 'zoo', errno: 'EPERM' }],
    hidden: 'users',
  })
  t.strictSame(holdersOnDevice(unseen(), '00:27', undefined), { found: [], unexamined: [] })
  const known = { ...unseen('EACCES'), descriptors: [open(7, '/mnt/huge/a')] }
  t.strictSame(holdersOnDevice(known, '00:27', undefined).unexamined, [], 'it is a holder')
})
