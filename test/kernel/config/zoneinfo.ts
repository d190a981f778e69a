import t from 'tap'
import { memoryZonesIn, readMemoryZones } from '../../../src/kernel/config/zoneinfo.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

const zone = (node: number, name: string, present: number): string =>
  `Node ${node}, zone ${name.padStart(8)}
  per-node stats
      nr_inactive_anon 1
  pages free     3840
        min      10
        present  ${present}
        managed  ${present}
`

t.test('zones that have memory, but for movable memory and that of devices', async (t) => {
  t.equal(memoryZonesIn(''), 0n)
  const all = [
    zone(0, 'DMA', 3998),
    zone(0, 'DMA32', 782301),
    zone(0, 'Normal', 0),
    zone(0, 'Movable', 100),
    zone(0, 'Device', 100),
    zone(1, 'Normal', 50),
  ]
  t.equal(memoryZonesIn(all.join('')), 3n)
  t.equal(memoryZonesIn(zone(0, 'Normal', 10)), 1n)
  t.equal(memoryZonesIn(zone(0, 'Movable', 10)), 0n)
})

t.test('of a machine, if it shows them', async (t) => {
  const root = temporary(t)
  t.equal(readMemoryZones(directoryTree(root)), undefined)
  scratch(root, { '/proc/zoneinfo': zone(0, 'Normal', 10) })
  t.equal(readMemoryZones(directoryTree(root)), 1n)
})
