import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { copyBlock } from '../../../../src/operations/mapping/copying/copy-blocks.ts'
import type { RunningCopy } from '../../../../src/operations/mapping/copying/running-copy.ts'
import { verifyCopy } from '../../../../src/operations/mapping/copying/verify-copy.ts'
import { temporary } from '../../../helpers/run.ts'

const length = copyBlock + 100

/** Compares a copy with a source of 100 bytes fewer; it is changed at some places before. */
const verify = (t: Test, ...changed: readonly number[]): Promise<void> => {
  const directory = temporary(t)
  const opened = (name: string, data: Buffer): number => {
    writeFileSync(join(directory, name), data)
    const descriptor = openSync(join(directory, name), 'r')
    t.teardown(() => closeSync(descriptor))
    return descriptor
  }
  const data = Buffer.alloc(length, 'hugepool')
  const source = { descriptor: opened('source', data.subarray(0, length - 100)), path: 'source' }
  data.fill(0, length - 100)
  for (const at of changed) data[at] = 1
  const copy = {
    source,
    ports: { pause: () => new Promise(() => {}) },
    signals: { pending: () => undefined },
    plan: { target: '/t' },
  } as unknown as RunningCopy
  return verifyCopy(copy, opened('copy', data), BigInt(length))
}

t.test('a copy that is as it should be, with zeros after the end', async (t) => {
  await verify(t)
})

t.test('the first byte that differs is told', async (t) => {
  for (const at of [0, copyBlock - 1, copyBlock, length - 1])
    await t.rejects(verify(t, at, length - 1), {
      code: 'E_KERNEL',
      reason: 'damaged',
      message: `/t: differs from the source at byte ${at}; nothing was left behind`,
    })
})
