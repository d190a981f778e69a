import t from 'tap'
import { lastingMount } from '../../../src/model/config/lasting-mount.ts'
import type { DesiredMount } from '../../../src/model/mounts/desired-mount.ts'
import { changedFlags, usualFlags } from '../../../src/model/mounts/mount-flags.ts'
import { huge } from '../../helpers/persist.ts'
import { M } from '../../helpers/sizes.ts'

t.test('what is usual is left out', async (t) => {
  const { size, ...plain } = huge
  t.strictSame(lastingMount(plain), {
    request: { target: '/mnt/huge', pageSize: 2n * M, flagWords: '' },
    mkdir: true,
    over: false,
  })
})

t.test('everything that can be said', async (t) => {
  const all: DesiredMount = {
    ...huge,
    minSize: 2n * M,
    inodes: 5n,
    uid: 1000,
    gid: 1001,
    mode: '1770',
    flags: ['ro', 'noexec', 'nosuid'],
  }
  t.strictSame(lastingMount(all).request, {
    target: '/mnt/huge',
    pageSize: 2n * M,
    size: { kind: 'memory', bytes: 8n * M },
    minSize: { kind: 'memory', bytes: 2n * M },
    inodes: 5n,
    user: '1000',
    group: '1001',
    mode: '1770',
    flagWords: 'ro,dev,noexec',
  })
})

t.test('a number that is no size is no limit', async (t) => {
  const bytes = 2n ** 63n - 1n
  const limits = (each: bigint) => {
    const { size, minSize } = lastingMount({ ...huge, size: each, minSize: each }).request
    return [size, minSize]
  }
  t.strictSame(limits(bytes), [
    { kind: 'memory', bytes },
    { kind: 'memory', bytes },
  ])
  t.strictSame(limits(bytes + 1n), [undefined, undefined])
})

t.test('the words of flags make the same flags again', async (t) => {
  for (const flags of [[], ['ro'], ['nosuid', 'nodev'], ['nodev', 'noexec']] as const) {
    const { flagWords } = lastingMount({ ...huge, flags }).request
    t.strictSame(changedFlags(flagWords, usualFlags), flags)
  }
})
