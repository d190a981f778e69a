import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  readBlock,
  synchronize,
  writeBlock,
} from '../../../../src/kernel/mapping/copying/block-transfers.ts'
import { temporary } from '../../../helpers/run.ts'

t.test('a file is read and written at a place, as far as there is something', async (t) => {
  const file = join(temporary(t), 'a')
  const descriptor = openSync(file, 'w+')
  await writeBlock(descriptor, Buffer.from('world'), 6)
  await writeBlock(descriptor, Buffer.from('hello '), 0)
  await writeBlock(descriptor, Buffer.alloc(0), 0)
  await synchronize(descriptor)
  t.equal(readFileSync(file, 'utf8'), 'hello world')
  const data = Buffer.alloc(8)
  t.equal(await readBlock(descriptor, data, 6), 5)
  t.equal(data.toString('latin1', 0, 5), 'world')
  t.equal(await readBlock(descriptor, data, 100), 0)
  closeSync(descriptor)
  const closed = { code: 'EBADF' }
  await t.rejects(readBlock(descriptor, data, 0), closed)
  await t.rejects(writeBlock(descriptor, data, 0), closed)
  await t.rejects(synchronize(descriptor), closed)
})

t.test('a pipe is waited for, even where it does not block', async (t) => {
  // The shell opens the FIFO for both, so that no open waits; the pieces come apart.
  const fifo = join(temporary(t), 'fifo')
  const line =
    'mkfifo "$1"; exec 3<>"$1"; echo made; sleep 0.1; printf 12 >&3; sleep 0.1; printf 345 >&3; sleep 2'
  const feeding = spawn('sh', ['-c', line, 'sh', fifo], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((made) => feeding.stdout.once('data', made))
  const descriptor = openSync(fifo, 0o4000)
  const data = Buffer.alloc(5)
  t.equal(await readBlock(descriptor, data, null), 5)
  t.equal(data.toString(), '12345')
  closeSync(descriptor)
  feeding.kill()
})
