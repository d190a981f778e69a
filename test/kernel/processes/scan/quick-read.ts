import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  ifShown,
  looked,
  readAll,
  readAtOnce,
} from '../../../../src/kernel/processes/scan/quick-read.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { temporary } from '../../../helpers/run.ts'

const failing = (error: Error) => () => {
  throw error
}

t.test('what can be seen', async (t) => {
  t.strictSame(
    looked(() => 5),
    { value: 5 },
  )
  t.strictSame(
    looked(() => undefined),
    { value: undefined },
  )
  t.equal(
    ifShown(() => 'text'),
    'text',
  )
})

t.test('what is gone, and what may not be seen', async (t) => {
  for (const errno of ['ENOENT', 'ESRCH', 'ENOTDIR'] as const) {
    t.strictSame(looked(failing(systemError(errno, 'open'))), {}, errno)
    t.equal(ifShown(failing(systemError(errno, 'open'))), undefined, errno)
  }
  for (const errno of ['EACCES', 'EPERM', 'EIO'] as const) {
    t.strictSame(looked(failing(systemError(errno, 'open'))), { denied: errno })
    t.equal(ifShown(failing(systemError(errno, 'open'))), undefined, errno)
  }
})

t.test('a lack of descriptors, and a fault, are thrown', async (t) => {
  for (const error of [systemError('EMFILE', 'open'), new TypeError('a fault')])
    for (const look of [looked, ifShown]) t.throws(() => look(failing(error)), error)
})

const written = (t: Test, bytes: Buffer): string => {
  const path = join(temporary(t), 'file')
  writeFileSync(path, bytes)
  return path
}

const numberOfOpen = (): number => readdirSync('/proc/self/fd').length

t.test('a file in one read', async (t) => {
  const path = written(t, Buffer.from('Größe\n'))
  const open = numberOfOpen()
  t.equal(readAtOnce(path).toString(), 'Größe\n')
  t.equal(readAtOnce(written(t, Buffer.alloc(0))).length, 0)
  t.equal(readAtOnce('/proc/self/status').toString('latin1', 0, 6), 'Name:\t')
  t.throws(() => readAtOnce(join(path, '..')), { code: 'EISDIR' })
  t.throws(() => readAtOnce(`${path}x`), { code: 'ENOENT' })
  t.equal(numberOfOpen(), open)
})

t.test('all of a file', async (t) => {
  const open = numberOfOpen()
  for (const length of [0, 1, 1000, 65535, 65536, 65537, 131072, 300_001, 10]) {
    const bytes = Buffer.from(Array.from({ length }, (_, at) => (at * 7) % 251))
    t.ok(readAll(written(t, bytes)) === bytes.toString('latin1'), `${length}`)
  }
  const directory = join(temporary(t), 'directory')
  mkdirSync(directory)
  t.throws(() => readAll(directory), { code: 'EISDIR' })
  t.throws(() => readAll(`${directory}x`), { code: 'ENOENT' })
  t.equal(numberOfOpen(), open)
})
