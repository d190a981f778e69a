import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type HugepoolError, refused } from '../../../src/errors.ts'
import {
  explainConfig,
  readConfigOctets,
  readStandardInput,
} from '../../../src/kernel/config/config-octets.ts'
import { mostOctets } from '../../../src/model/config/config-text.ts'
import { temporary } from '../../helpers/run.ts'
import { standIn } from '../../helpers/standing-in.ts'

t.test('the octets of a file', async (t) => {
  const file = join(temporary(t), 'a')
  const all = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))
  writeFileSync(file, all)
  t.equal(readConfigOctets(file, '/a'), all.toString('latin1'))
})

t.test('no more is read than shows that it is too much', async (t) => {
  const file = join(temporary(t), 'a')
  writeFileSync(file, 'x'.repeat(mostOctets))
  t.equal(readConfigOctets(file, '/a').length, mostOctets)
  writeFileSync(file, 'x'.repeat(5 * mostOctets))
  t.equal(readConfigOctets(file, '/a').length, mostOctets + 1)
})

t.test('what is no regular file is not waited for', async (t) => {
  const at = (name: string) => join(directory, name)
  const directory = temporary(t)
  mkdirSync(at('d'))
  execFileSync('mkfifo', [at('fifo')])
  symlinkSync('fifo', at('link'))
  symlinkSync('circle', at('circle'))
  const wrong: Readonly<Record<string, string>> = {
    [at('d')]: 'is a directory',
    [at('fifo')]: 'is no regular file',
    [at('link')]: 'is no regular file',
    '/dev/zero': 'is no regular file',
    '/dev/tty': 'is no regular file',
    [at('circle')]: 'symbolic links that lead in a circle',
    [at('none')]: 'no such file',
    [at('none/x')]: 'no such file',
    [at('fifo/x')]: 'no such file',
  }
  for (const [file, words] of Object.entries(wrong))
    t.throws(
      () => readConfigOctets(file, '/a'),
      { code: 'E_CONFIG', message: `/a: ${words}` },
      file,
    )
})

t.test('errors are those of a configuration', async (t) => {
  const errno = (code: string) => Object.assign(new Error(code), { code })
  const told = (code: string) => {
    const { message, exitCode, reason } = explainConfig(errno(code), '/a') as Record<
      string,
      unknown
    >
    return { message, exitCode, reason }
  }
  t.strictSame(told('EACCES'), {
    message: '/a: permission denied',
    exitCode: 3,
    reason: 'no-permission',
  })
  t.strictSame(told('ENODEV'), {
    message: '/a: is no regular file',
    exitCode: 2,
    reason: 'wrong-file',
  })
  t.strictSame(told('ENXIO'), {
    message: '/a: is no regular file',
    exitCode: 2,
    reason: 'wrong-file',
  })
  t.strictSame(told('EISDIR'), {
    message: '/a: is a directory',
    exitCode: 2,
    reason: 'wrong-file',
  })
  t.strictSame(told('EIO'), {
    message: '/a: input/output error (EIO)',
    exitCode: 1,
    reason: 'kernel',
  })
  const changed = refused('changed', '/a: somebody removed it')
  t.equal(explainConfig(changed, '/a'), changed, 'what somebody else did is no mistake of the file')
  const special = { EIO: { code: 'E_CONFIG', reason: 'no-file', words: 'gone' } } as const
  const { message, exitCode } = explainConfig(errno('EIO'), '/a', special) as HugepoolError
  t.strictSame([message, exitCode], ['/a: gone', 2])
})

t.test('a stream is read to its end, also where it is not ready yet', async (t) => {
  const fifo = join(temporary(t), 'fifo')
  execFileSync('mkfifo', [fifo])
  const descriptor = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = 'exec 3>"$1"; : >"$1.open"; sleep 0.1; printf a >&3; sleep 0.1; printf b >&3'
  spawn('/bin/sh', ['-c', writer, 'sh', fifo])
  while (!existsSync(`${fifo}.open`)) await new Promise((resolve) => setTimeout(resolve, 5))
  t.equal(readStandardInput(descriptor), 'ab')
  closeSync(descriptor)
  t.throws(() => readStandardInput(descriptor), { message: /^standard input: .*EBADF/ })
})

t.test('a signal that interrupts a read is no error', async (t) => {
  const file = join(temporary(t), 'a')
  writeFileSync(file, 'ab')
  let interrupted = 0
  const { readSync } = standIn(t, {
    readSync: (...words: Parameters<typeof readSync>) => {
      interrupted += 1
      if (interrupted === 1) throw Object.assign(new Error('EINTR'), { code: 'EINTR', errno: -4 })
      return readSync(...words)
    },
  })
  const descriptor = openSync(file, 'r')
  t.equal(readStandardInput(descriptor), 'ab')
  closeSync(descriptor)
  t.equal(interrupted, 3, 'interrupted, the text, the end')
})

t.test('standard input is descriptor 0', async (t) => {
  const asked: unknown[] = []
  standIn(t, {
    readSync: (descriptor: unknown) => {
      asked.push(descriptor)
      return 0
    },
  })
  t.equal(readStandardInput(), '')
  t.strictSame(asked, [0])
})
