import t from 'tap'
import type { ShownMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { mountBar } from '../../../src/model/mounts/mount-bar.ts'

const mount = (facts: Partial<ShownMount>): ShownMount => ({
  target: '/mnt/huge',
  device: '0:39',
  source: 'none',
  options: 'rw',
  hidden: false,
  ...facts,
})

const amounts = (facts: Partial<ShownMount>) =>
  mountBar(mount(facts))?.map(({ part, amount }) => `${part} ${amount}`)

t.test('used, guaranteed, and what the limit leaves', async (t) => {
  t.strictSame(mountBar(mount({ size: 100n, minSize: 30n, used: 10n })), [
    { part: 'used', amount: 10n },
    { part: 'guaranteed', amount: 20n },
    { part: 'room', amount: 70n },
  ])
  t.strictSame(amounts({ size: 100n, used: 10n }), ['used 10', 'guaranteed 0', 'room 90'])
  t.strictSame(amounts({ size: 100n, minSize: 30n, used: 40n }), [
    'used 40',
    'guaranteed 0',
    'room 60',
  ])
})

t.test('without a limit the bar ends with the guarantee', async (t) => {
  t.strictSame(amounts({ minSize: 30n, used: 10n }), ['used 10', 'guaranteed 20', 'room 0'])
  t.strictSame(amounts({ minSize: 30n, used: 50n }), ['used 50', 'guaranteed 0', 'room 0'])
})

t.test('a guarantee or use above the limit leaves no room', async (t) => {
  t.strictSame(amounts({ size: 20n, minSize: 30n, used: 10n }), [
    'used 10',
    'guaranteed 20',
    'room 0',
  ])
  t.strictSame(amounts({ size: 0n, used: 0n }), ['used 0', 'guaranteed 0', 'room 0'])
})

t.test('no bar without anything that limits it, or where its use is not known', async (t) => {
  t.equal(mountBar(mount({ used: 10n })), undefined)
  t.equal(mountBar(mount({ size: 100n, minSize: 30n })), undefined)
})
