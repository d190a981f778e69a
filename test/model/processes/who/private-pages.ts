import t from 'tap'
import { privatePages, sharedFrames } from '../../../../src/model/processes/who/private-pages.ts'
import { areaOf } from '../../../helpers/found-pages.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M

const hidden = (alone: bigint, together: bigint, key = '00:10:1') => ({
  key,
  own: { frames: [], alone, together },
})

t.test('each frame is one page', async (t) => {
  const areas = [
    areaOf(1, { frames: [512, 1024] }),
    areaOf(2, { frames: [1024, 2048], key: '00:10:2' }),
    areaOf(2, { frames: [4096], size: G }),
  ]
  t.equal(privatePages(areas, size), 3n)
  t.equal(privatePages(areas, G), 1n)
  t.equal(privatePages([], size), 0n)
})

t.test('without frames, those of one page table add up', async (t) => {
  t.equal(privatePages([areaOf(1, hidden(1n, 0n)), areaOf(2, hidden(2n, 0n))], size), 3n)
})

t.test('those in several are as many as the process with most has', async (t) => {
  const areas = [
    areaOf(1, hidden(0n, 2n)),
    areaOf(2, hidden(0n, 3n)),
    areaOf(1, hidden(0n, 2n)),
    areaOf(3, hidden(0n, 1n)),
  ]
  t.equal(privatePages(areas, size), 4n, 'the parts of one process are added')
  const other = areaOf(4, hidden(0n, 5n, '00:10:2'))
  t.equal(privatePages([...areas, other], size), 9n, 'memory of another mmap comes on top')
  const all = [...areas, areaOf(5, hidden(6n, 0n)), areaOf(6, { frames: [512] })]
  t.equal(privatePages(all, size), 11n)
})

t.test('whether others have pages of an area', async (t) => {
  const areas = [
    areaOf(1, { frames: [512, 1024] }),
    areaOf(2, { frames: [1024] }),
    areaOf(3, { frames: [2048] }),
    areaOf(4, hidden(0n, 1n)),
    areaOf(5, hidden(3n, 0n)),
  ]
  t.strictSame(areas.map(sharedFrames(areas)), [true, true, false, true, false])
})
