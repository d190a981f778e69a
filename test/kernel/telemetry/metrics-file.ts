import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeMetricsFile } from '../../../src/kernel/telemetry/metrics-file.ts'
import { beforeCalls, diskFull } from '../../helpers/changing-calls.ts'
import { temporary } from '../../helpers/run.ts'

const none = () => {}

t.test('a new file is for everybody to read, and holds UTF-8', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'a.prom')
  const before = process.umask(0o077)
  try {
    writeMetricsFile(file, 'a{b="ü"} 1\n', none)
  } finally {
    process.umask(before)
  }
  t.strictSame(
    [readFileSync(file, 'utf8'), statSync(file).mode & 0o7777, readdirSync(directory)],
    ['a{b="ü"} 1\n', 0o644, ['a.prom']],
  )
})

t.test(
  'another one is put in its place, of which readers have the whole, and may read it',
  async (t) => {
    const directory = temporary(t)
    const file = join(directory, 'a.prom')
    writeFileSync(file, 'old')
    chmodSync(file, 0o640)
    const { ino } = statSync(file)
    writeMetricsFile(file, 'new', none)
    t.strictSame(
      [readFileSync(file, 'utf8'), statSync(file).mode & 0o7777, readdirSync(directory)],
      ['new', 0o644, ['a.prom']],
    )
    t.not(statSync(file).ino, ino)
  },
)

t.test('what fails after it is in place is told apart', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'a.prom')
  const seen: string[] = []
  const write = (put: () => void) => () =>
    writeMetricsFile(file, 'new', () => {
      seen.push(readFileSync(file, 'utf8'))
      put()
    })
  write(none)()
  // The file is synced, then its directory.
  let syncs = 0
  beforeCalls(t, (call) => {
    if (call !== 'fsync') return
    syncs += 1
    if (syncs === 2) throw diskFull(call)
  })
  t.throws(write(none), { code: 'E_KERNEL' })
  t.strictSame(seen, ['new', 'new'])
})

t.test('where it cannot be written, the old one stays', async (t) => {
  const directory = temporary(t)
  const put = () => t.fail('nothing is put in its place')
  const linked = join(directory, 'link.prom')
  writeFileSync(join(directory, 'kept'), 'old')
  symlinkSync('kept', linked)
  mkdirSync(join(directory, 'directory.prom'))
  t.throws(() => writeMetricsFile(linked, 'new', put), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
    message: `${linked} is not a regular file`,
  })
  t.throws(() => writeMetricsFile(join(directory, 'directory.prom'), 'new', put), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
  })
  const nowhere = join(directory, 'none/a.prom')
  t.throws(() => writeMetricsFile(nowhere, 'new', put), {
    code: 'E_USAGE',
    reason: 'no-file',
    message: `${nowhere}: no such directory`,
  })
  t.strictSame(
    [readFileSync(linked, 'utf8'), readdirSync(directory).sort()],
    ['old', ['directory.prom', 'kept', 'link.prom']],
  )
})
