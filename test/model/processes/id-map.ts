import t from 'tap'
import { idOutside, idRangesIn } from '../../../src/model/processes/id-map.ts'

t.test('a map as the kernel writes it', async (t) => {
  t.strictSame(idRangesIn(''), [])
  t.strictSame(idRangesIn('         0       1000          1\n         1     100000      65536\n'), [
    { inside: 0n, outside: 1000n, count: 1n },
    { inside: 1n, outside: 100000n, count: 65536n },
  ])
  t.strictSame(idRangesIn('0 1000\n0 x 1\n'), [])
})

t.test('what an id is outside', async (t) => {
  const map = idRangesIn('0 1000 1\n10 100000 5\n')
  t.strictSame(
    [0n, 1n, 9n, 10n, 14n, 15n].map((id) => idOutside(map, id)),
    [1000n, undefined, undefined, 100000n, 100004n, undefined],
  )
})
