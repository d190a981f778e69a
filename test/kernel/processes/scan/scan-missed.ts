import t from 'tap'
import { scanMissed } from '../../../../src/kernel/processes/scan/scan-missed.ts'
import type { ScannedProcess } from '../../../../src/kernel/processes/scan/scan-processes.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const scanned = (pid: number, rest: Partial<ScannedProcess> = {}): ScannedProcess => ({
  pid: `${pid}`,
  hugeBytes: 0n,
  space: 1000,
  threads: 1,
  lacksLeader: false,
  ...rest,
})

const line = (device: string, inode: number, path = '/f') =>
  `00400000-00800000 rw-s 00000000 ${device} ${inode} ${path}`

const textsOf = (text: string, flags: string) => ({
  maps: lines(text),
  smaps: lines(text, 'KernelPageSize:     2048 kB', `VmFlags: rd wr ${flags} `),
})

t.test('a device that is in no mount table is looked at once', async (t) => {
  const { scan, process } = procScan(t)
  const tables = { 'ns/mnt': 'mnt:[1]' }
  process('self', {
    links: tables,
    texts: { mountinfo: lines('22 1 0:31 / / rw - overlay overlay rw') },
  })
  process(5, { texts: textsOf(line('00:30', 1), 'ht') })
  process(6, { texts: { maps: lines(line('00:30', 2)) } })
  process(7, { texts: textsOf(line('00:1f', 3), 'ht') })
  process(8, { texts: textsOf(line('08:01', 4), 'ht') })
  process(9, { texts: textsOf(line('00:32', 5), '') })
  const gone = scanned(10)
  const all = [5, 6, 7, 8, 9].map((pid) => scanned(pid))
  scanMissed(scan, [...all, gone])
  const found = () => scan.areas.map((area) => [area.process.pid, area.key, area.reserves])
  t.strictSame(found(), [
    [5, '00:30:1', true],
    [6, '00:30:2', undefined],
  ])
  t.strictSame(
    ['00:1f', '08:01', '00:32'].map((device) => scan.devices.isKnown(device)),
    [false, false, true],
  )
  scanMissed(scan, all)
  t.equal(found().length, 2, 'an area that is known is not missed')
})

t.test(
  'processes without memory, and those that were looked at for certain, are left out',
  async (t) => {
    const { scan, process } = procScan(t)
    scan.devices.learn('00:30', size)
    for (const pid of [5, 6, 7]) process(pid, { texts: { maps: lines(line('00:30', pid)) } })
    scanMissed(scan, [scanned(5, { space: 0 }), scanned(6, { hugeBytes: size }), scanned(7)])
    t.strictSame(
      scan.areas.map(({ key }) => key),
      ['00:30:7'],
    )
  },
)
