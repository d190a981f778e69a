import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import type { ItemError } from '../../../src/model/config/config-change.ts'
import {
  type AppliedItems,
  applyDemoteSizes,
  applyGroup,
  attemptItem,
  nothingApplied,
  together,
} from '../../../src/operations/config/apply-settings.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { G, M } from '../../helpers/sizes.ts'

/** Files that note what is written to them, and fail as they are told to. */
const files = (refuse: Readonly<Record<string, string>> = {}) => {
  const writes: string[] = []
  const failures = new Map(Object.entries(refuse))
  const write = (path: string, value: string) => {
    const errno = failures.get(path)
    if (errno !== undefined) throw systemError(errno as 'EIO', 'write')
    writes.push(`${value} > ${path}`)
  }
  return { writes, failures, ports: { tree: { write } } as unknown as Ports }
}

const told = ({ errors }: AppliedItems) =>
  errors.map(({ error, ...name }: ItemError) => ({ ...name, code: error.code, why: error.message }))

const sizes = [
  { size: G, path: '/sys/1G', before: M / 16n, requested: 2n * M },
  { size: 2n * M, path: '/sys/2M', before: 8192n, requested: M / 16n },
] as unknown as Parameters<typeof applyDemoteSizes>[1]

t.test('demote sizes are written in kB, and put back', async (t) => {
  const { writes, ports } = files()
  const applied = applyDemoteSizes(ports, sizes)
  t.strictSame(told(applied), [])
  t.strictSame(writes.splice(0), ['2048kB > /sys/1G', '64kB > /sys/2M'])
  t.strictSame(
    applied.undos.map((undo) => undo()),
    [undefined, undefined],
  )
  t.strictSame(writes, ['64kB > /sys/1G', '8kB > /sys/2M'])
})

t.test('a size that the kernel does not split keeps no other from being set', async (t) => {
  const { writes, ports } = files({ '/sys/1G': 'EINVAL' })
  const applied = applyDemoteSizes(ports, sizes)
  t.strictSame(told(applied), [
    {
      attribute: 'demote-size',
      size: G,
      code: 'E_UNSUPPORTED',
      why: '/sys/1G: the kernel does not split 1G into 2M pages (EINVAL)',
    },
  ])
  t.equal(applied.errors[0]?.error.reason, 'no-feature')
  t.strictSame([writes, applied.undos.length], [['64kB > /sys/2M'], 1])
})

const group = { path: '/proc/group', before: 3n, requested: 70n }

t.test('the group is written, and put back', async (t) => {
  const { writes, ports } = files()
  const { errors, undos } = applyGroup(ports, group)
  t.strictSame(
    [errors, undos.map((undo) => undo()), writes],
    [[], [undefined], ['70 > /proc/group', '3 > /proc/group']],
  )
  t.strictSame(applyGroup(ports, undefined), { errors: [], undos: [] })
  t.equal(writes.length, 2, 'without a step nothing is written')
})

t.test('what cannot be written is told with its item', async (t) => {
  const { ports } = files({ '/proc/group': 'EINVAL' })
  t.strictSame(told(applyGroup(ports, group)), [
    {
      attribute: 'shm-group',
      code: 'E_KERNEL',
      why: '/proc/group: the kernel rejects the value (EINVAL)',
    },
  ])
})

t.test('what cannot be put back is told', async (t) => {
  const { ports, failures } = files()
  const { undos } = applyGroup(ports, group)
  failures.set('/proc/group', 'EIO')
  t.strictSame(
    undos.map((undo) => undo()),
    ['/proc/group stays at 70: /proc/group: input/output error (EIO)'],
  )
})

t.test('a fault of the program is none of an item', async (t) => {
  const fault = new Error('a fault')
  const failing = {
    tree: {
      write: () => {
        throw fault
      },
    },
  } as unknown as Ports
  t.throws(() => applyGroup(failing, group), { message: 'a fault' })
  t.throws(
    () =>
      attemptItem({ attribute: 'mount' }, () => {
        throw fault
      }),
    { message: 'a fault' },
  )
  let refuse = false
  const later = {
    tree: {
      write: () => {
        if (refuse) throw fault
      },
    },
  } as unknown as Ports
  const [undo] = applyGroup(later, group).undos
  refuse = true
  t.throws(() => undo?.(), { message: 'a fault' })
})

t.test('items together', async (t) => {
  const error = new HugepoolError('E_KERNEL', 'kernel', 'no')
  const [one, other] = [() => 'one', () => 'other']
  const failed = attemptItem({ attribute: 'mount', target: '/a' }, () => {
    throw error
  })
  t.strictSame(failed, { errors: [{ attribute: 'mount', target: '/a', error }], undos: [] })
  const all = [attemptItem({ attribute: 'mount' }, () => [one, other]), failed, nothingApplied]
  t.strictSame(together(all), { errors: failed.errors, undos: [one, other] })
  t.strictSame(together([]), nothingApplied)
})
