import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { byteSink } from '../../../../src/operations/mapping/copying/byte-sink.ts'
import type { RunningCopy } from '../../../../src/operations/mapping/copying/running-copy.ts'
import { temporary } from '../../../helpers/run.ts'

/** What is in a file after two parts were put to it; it begins with `--`. */
const written = async (t: Test, target: object | undefined): Promise<string> => {
  const path = join(temporary(t), 'copy')
  writeFileSync(path, '')
  const descriptor = openSync(path, 'r+')
  t.teardown(() => closeSync(descriptor))
  writeSync(descriptor, '--')
  const ports = { pause: () => new Promise(() => {}) }
  const copy = { ports, signals: { pending: () => undefined }, target } as unknown as RunningCopy
  const sink = byteSink(copy, descriptor)
  for (const [position, text] of [
    [6, 'ab'],
    [3, 'c'],
  ] as const)
    await sink.put(position, Buffer.from(text))
  await sink.close()
  t.strictSame(sink.placement(), [])
  return readFileSync(path, 'latin1')
}

t.test('a file takes each part at its place', async (t) => {
  t.equal(await written(t, {}), '--\0c\0\0ab')
})

t.test('a stream takes one after the other', async (t) => {
  t.equal(await written(t, undefined), '--abc')
})
