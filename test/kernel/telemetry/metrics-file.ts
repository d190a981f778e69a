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
import { temporary } from '../../helpers/run.ts'

t.test('a new file is for everybody to read, and holds UTF-8', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'a.prom')
  const before = process.umask(0o077)
  try {
    writeMetricsFile(file, 'a{b="ü"} 1\n')
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
    writeMetricsFile(file, 'new')
    t.strictSame(
      [readFileSync(file, 'utf8'), statSync(file).mode & 0o7777, readdirSync(directory)],
      ['new', 0o644, ['a.prom']],
    )
    t.not(statSync(file).ino, ino)
  },
)

t.test('where it cannot be written, the old one stays', async (t) => {
  const directory = temporary(t)
  const linked = join(directory, 'link.prom')
  writeFileSync(join(directory, 'kept'), 'old')
  symlinkSync('kept', linked)
  mkdirSync(join(directory, 'directory.prom'))
  t.throws(() => writeMetricsFile(linked, 'new'), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
    message: `${linked} is not a regular file`,
  })
  t.throws(() => writeMetricsFile(join(directory, 'directory.prom'), 'new'), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
  })
  const nowhere = join(directory, 'none/a.prom')
  t.throws(() => writeMetricsFile(nowhere, 'new'), {
    code: 'E_USAGE',
    reason: 'no-file',
    message: `${nowhere}: no such directory`,
  })
  t.strictSame(
    [readFileSync(linked, 'utf8'), readdirSync(directory).sort()],
    ['old', ['directory.prom', 'kept', 'link.prom']],
  )
})
