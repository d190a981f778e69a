import t from 'tap'
import { driverFiles } from '../../../../src/model/processes/who/driver-pages.ts'
import { areaOf, nothingFound } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const mount = { device: '00:31', size: 2n * M, target: '/mnt/huge', minimum: 0n }

t.test('files of a hugetlbfs that is mounted nowhere are those of drivers', async (t) => {
  const areas = [
    areaOf(7, { key: '00:30:5', path: '/hpage' }),
    areaOf(7, { key: '00:31:6', path: '/mnt/huge/f' }),
    areaOf(7, { key: '00:10:7', path: '/memfd:pages (deleted)' }),
    areaOf(7, { key: '00:10:8', path: '/SYSV00000000 (deleted)' }),
    areaOf(7, { key: '00:10:9' }),
    areaOf(7, { key: '00:32:8', path: '/SYSV00000000', isNamesake: true }),
    areaOf(8, { key: '00:30:10', path: '/hpage' }),
  ]
  const found = { ...nothingFound, areas, mounts: [mount] }
  t.strictSame(driverFiles(found, new Set([7])), new Set(['00:30:5', '00:32:8']))
  t.strictSame(driverFiles(found, new Set([7, 8])), new Set(['00:30:5', '00:32:8', '00:30:10']))
  t.strictSame(driverFiles(found, new Set()), new Set())
})
