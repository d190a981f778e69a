import { readlinkSync } from 'node:fs'
import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import type { MountResult } from '../../../src/operations/mounts/mount-directory.ts'
import type { UmountResult } from '../../../src/operations/mounts/umount-directory.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import {
  withMountDenied,
  withUmountDenied,
} from '../../../src/operations/processes/mount-denied.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'

const all = '000001ffffffffff'

/** Below the root / the link is that of this process itself. */
const inNamespace =
  readlinkSync('/proc/self/ns/user') !== 'user:[4026531837]' && 'runs in a user namespace'

/** A process with capabilities; the map is that of the machine unless another is given. */
const portsOf = (capabilities: string, { map = '0 0 4294967295', root = '/' } = {}): Ports => {
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: 2n ** 30n }] })
  kernel.extra.set('/proc/self/status', `Uid:\t0\t0\t0\t0\nCapEff:\t${capabilities}\n`)
  kernel.extra.set('/proc/self/uid_map', `         ${map}\n`)
  return { tree: { ...kernel, root } } as unknown as Ports
}

const dry = { kind: 'dry-run', target: '/mnt/new', acts: true, lines: [], words: [] } as const
const messageOf = (result: MountResult | UmountResult) =>
  'denied' in result ? result.denied?.message : undefined

const mountBy = (ports: Ports, rest: Partial<MountResult> = {}) =>
  messageOf(withMountDenied(ports, { ...dry, ...rest } as MountResult))

const refusal = (message: string) => new HugepoolError('E_PERMISSION', 'not-root', message)

t.test('a mount takes CAP_SYS_ADMIN of the machine', { skip: inNamespace }, async (t) => {
  const denied = 'mount /mnt/new: operation not permitted'
  t.equal(mountBy(portsOf(all)), undefined)
  t.equal(mountBy(portsOf('0000000000000000')), denied)
  t.equal(mountBy(portsOf(all, { map: '0 1000 1' })), denied, 'not of a user namespace')
  t.equal(mountBy(portsOf('0', { root: '/recording' })), undefined, 'unknown of a recording')
  t.equal(mountBy(portsOf('0'), { acts: false }), undefined, 'nothing is mounted')
})

t.test('what comes first in a real run is told', { skip: inNamespace }, async (t) => {
  const rest = { denied: refusal('/etc/fstab'), directoryDenied: refusal('mkdir') }
  t.equal(mountBy(portsOf('0'), rest), '/etc/fstab')
  t.equal(
    mountBy(portsOf('0'), { directoryDenied: rest.directoryDenied }),
    `mount /mnt/new: operation not permitted`,
  )
  t.equal(mountBy(portsOf(all), { directoryDenied: rest.directoryDenied }), 'mkdir')
})

t.test('an unmount takes it where something is mounted', async (t) => {
  const by = (ports: Ports, mounted: boolean) =>
    messageOf(
      withUmountDenied(ports, {
        ...dry,
        ...(mounted && { forecast: {} }),
      } as unknown as UmountResult),
    )
  t.equal(by(portsOf('0'), true), '/mnt/new: operation not permitted')
  t.equal(by(portsOf('0'), false), undefined)
  t.equal(by(portsOf(all), true), undefined)
})
