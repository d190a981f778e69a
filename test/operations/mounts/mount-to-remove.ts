import {
  closeSync,
  mkdirSync,
  openSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hexDevice } from '../../../src/kernel/processes/scan/huge-devices.ts'
import { umountWords } from '../../../src/model/mounts/umount-change.ts'
import { findMountToRemove } from '../../../src/operations/mounts/mount-to-remove.ts'
import { holderFinder } from '../../../src/operations/processes/umount-holders.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { temporary } from '../../helpers/run.ts'
import { onMachine, procWith, withoutMemfd } from '../../helpers/running-machine.ts'
import { M } from '../../helpers/sizes.ts'

const from = 0x7f0000000000n

/** The pagemap of two pages with frames of their own, and of one that is the file's. */
const pagemap = (): Buffer => {
  const basePage = 4096n
  const entry = (page: bigint) => Number((from + page * 2n * M) / basePage) * 8
  const first = entry(0n)
  const bytes = Buffer.alloc(entry(2n) - first + 8)
  const present = 2n ** 63n
  bytes.writeBigUInt64LE(present + 512n, 0)
  bytes.writeBigUInt64LE(present + 1024n, entry(1n) - first)
  bytes.writeBigUInt64LE(present + 2n ** 61n + 2048n, entry(2n) - first)
  return bytes
}

t.test('pages of private mappings are told when a mount is detached from its users', async (t) => {
  const top = temporary(t)
  const mount = join(top, 'mount')
  mkdirSync(mount)
  writeFileSync(join(mount, 'ram'), '')
  const hex = hexDevice(statSync(mount, { bigint: true }).dev)
  const decimal = hex.split(':').map((part) => Number.parseInt(part, 16))
  const line = `30 1 ${decimal.join(':')} / ${mount} rw - hugetlbfs none rw,pagesize=2M\n`
  const kernel = fakeKernel({ pools: [{ size: 2n * M, persistent: { 0: 4n } }] })
  kernel.extra.set('/proc/self/mountinfo', line)
  const proc = procWith(t)
  const directory = join(proc, '7')
  const range = `${from.toString(16)}-${(from + 6n * M).toString(16)}`
  mkdirSync(join(directory, 'map_files'), { recursive: true })
  mkdirSync(join(directory, 'fd'))
  mkdirSync(join(directory, 'ns'))
  for (const [name, text] of [
    ['comm', 'qemu\n'],
    ['status', 'Name:\tqemu\nVmSize:\t8192 kB\nHugetlbPages:\t6144 kB\n'],
    ['maps', `${range} rw-p 00000000 ${hex} 5 ${mount}/ram\n`],
    ['mountinfo', line],
  ] as const)
    writeFileSync(join(directory, name), text)
  symlinkSync('mnt:[1]', join(directory, 'ns/mnt'))
  symlinkSync(join(mount, 'ram'), join(directory, 'map_files', range))
  // A pagemap is as long as the addresses reach: what is not written takes no room.
  const file = openSync(join(directory, 'pagemap'), 'w')
  writeSync(file, pagemap(), 0, undefined, Number(from / 4096n) * 8)
  closeSync(file)
  const tree = onMachine(kernel, proc)
  const findHolders = holderFinder({ tree, native: () => withoutMemfd })
  const subject = findMountToRemove(tree, mount, findHolders)
  const keepers = subject.holders()
  t.strictSame(
    keepers.found.map(({ pid, holds, own }) => [pid, holds, own]),
    [[7, 'mapping', { frames: [512, 1024], unplaced: 0 }]],
  )
  t.ok(
    umountWords({ mount: subject.mount, lazy: true, keepers, elsewhere: [] }).includes(
      `${mount}: private mappings of its files keep 2 pages until their processes end`,
    ),
  )
})
