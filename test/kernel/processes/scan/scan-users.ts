import { statSync } from 'node:fs'
import t from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { scanUsersOf } from '../../../../src/kernel/processes/scan/scan-users.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const status = (huge: number) =>
  lines('Name:\tzoo', 'VmSize:\t5000 kB', `HugetlbPages:\t${huge} kB`, 'Threads:\t1')

t.test('whoever maps or opens a file of it, with a page in memory or without', async (t) => {
  const { scan, process } = procScan(t)
  const target = temporary(t)
  const device = hexDevice(statSync(target, { bigint: true }).dev)
  const maps = (of: string) => `00400000-00600000 rw-s 00000000 ${of} 7 /f\n`
  process(5, { texts: { status: status(2048), maps: maps(device) } })
  process(6, { texts: { status: status(0), maps: maps(device) } })
  process(7, { texts: { status: status(0), maps: maps('ff:ff') } })
  process(8, { texts: { status: status(0), maps: '' }, links: { 'fd/3': target } })
  scanUsersOf(scan, { device, size, targets: [target, '/other'] })
  t.strictSame(
    scan.areas.map(({ process }) => process.pid),
    [5, 6],
  )
  t.strictSame(
    scan.descriptors.map(({ process, path }) => [process.pid, path]),
    [[8, target]],
  )
  t.strictSame(scan.mounts.slice(-2), [
    { device, size, target, minimum: 0n },
    { device, size, target: '/other', minimum: 0n },
  ])
  t.ok(scan.targets.has('/other'))
})
