import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { atEnd, liveOn } from './support/live.ts'
import { countsOf, setPoolAlone, sizeName, smallest } from './support/machine.ts'
import { mountJson, mountPoint, ofSmallest } from './support/mounts.ts'
import { hugepool, hugepoolJson, run } from './support/program.ts'

const live = liveOn('room', 'time for what the kernel alone decides')

const name = sizeName(smallest)

/** A file of so many pages without any, in a pool of six. */
const fileOf = async (pages: number) => {
  setPoolAlone(smallest, 6)
  const target = mountPoint()
  await mountJson(target, ...ofSmallest)
  const file = `${target}/file`
  writeFileSync(file, '')
  truncateSync(file, pages * smallest)
  atEnd(async () => rmSync(file))
  return { target, file }
}

live('test: a file that may only be read has pages for a private mapping', async (t) => {
  const { target, file } = await fileOf(2)
  const remount = async (mode: 'ro' | 'rw') => {
    const { status, err } = await run(['mount', '-o', `remount,${mode}`, target])
    t.strictSame({ status, err }, { status: 0, err: '' })
  }
  atEnd(() => remount('rw'))
  await remount('ro')
  const shared = await hugepool('test', `${name}=2`, '--path', file)
  t.equal(shared.status, 3)
  t.match(shared.err, 'read-only')
  const words = [`${name}=2`, '--path', file, '--private', '--verify'] as const
  const { status, document } = await hugepoolJson(testSchema, 'test', ...words)
  t.equal(status, 0)
  t.equal(document.verified, 2n)
  t.strictSame(countsOf(smallest), { total: 6, free: 6, reserved: 0, surplus: 0 })
})

live('test: pages that a file has already are not populated once more', async (t) => {
  const { file } = await fileOf(5)
  const populate = async (pages: number, ...words: readonly string[]) => {
    const line = [`${name}=${pages}`, '--path', file, '--populate', ...words]
    const { status, document } = await hugepoolJson(testSchema, 'test', ...line)
    t.equal(status, 0)
    return document.touch?.populated
  }
  t.equal(await populate(3), 3n)
  t.equal(await populate(5), 2n)
  t.equal(await populate(5), undefined, 'all of them are there')
  t.equal(await populate(1, '--private'), 1n, 'a private mapping has a copy')
})

live('test: a device is touched and written as it is', async (t) => {
  setPoolAlone(smallest, 2)
  for (const [options, verified] of [
    [[], undefined],
    [['--threads', '2', '--verify'], 3n],
  ] as const) {
    const words = [`${name}=3`, '--path', '/dev/zero', ...options]
    const { status, document } = await hugepoolJson(testSchema, 'test', ...words)
    t.equal(status, 0)
    t.match(document.touch, { pages: 3n })
    t.equal(document.verified, verified)
    t.strictSame(countsOf(smallest), { total: 2, free: 2, reserved: 0, surplus: 0 })
  }
})
