import { existsSync, lstatSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Native } from '../../../../src/kernel/native/native.ts'
import { restoreNames } from '../../../../src/kernel/processes/files/restore-names.ts'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { hugeFile } from '../../../helpers/huge-file.ts'
import { temporary } from '../../../helpers/run.ts'

/** A directory with a file that was set aside, and one that was not. */
const scene = (t: Test, calls: Partial<Native> = {}) => {
  const top = temporary(t)
  const plain = join(top, 'plain')
  writeFileSync(plain, '')
  const { dev, ino } = lstatSync(plain, { bigint: true })
  const key = `${hexDevice(dev)}:${ino}`
  const path = join(top, `.hugepool-${ino}-a`)
  renameSync(plain, path)
  writeFileSync(plain, '')
  const native = nativeWith({
    flock: () => {},
    rename: (at, from, to) => {
      if (existsSync(join(top, to))) throw systemError('EEXIST', 'renameat2')
      renameSync(`/proc/self/fd/${at}/${from}`, `/proc/self/fd/${at}/${to}`)
    },
    ...calls,
  })
  const file = hugeFile({ path, reach: path, key })
  const other = hugeFile({ path: plain, reach: plain, key })
  const open = () => readdirSync('/proc/self/fd').length
  const told: string[] = []
  const noting = { native, did: (_: string, words: string) => void told.push(words) }
  return { top, noting, told, file, other, open, names: () => readdirSync(top).sort() }
}

t.test('a file that was set aside gets its name back', async (t) => {
  const { top, noting, told, file, other, open, names } = scene(t)
  const before = open()
  t.strictSame(restoreNames(noting, [file, other]), [{ file, to: join(top, 'a'), isDone: true }])
  t.strictSame(names(), ['a', 'plain'])
  t.strictSame(told, [`${join(top, 'a')} has its name again`])
  t.equal(open(), before)
  t.strictSame(restoreNames(noting, []), [])
})

t.test('a name that is taken meanwhile', async (t) => {
  const { top, noting, told, file, open, names } = scene(t)
  writeFileSync(join(top, 'a'), '')
  const before = open()
  const all = names()
  t.strictSame(restoreNames(noting, [file]), [{ file, to: join(top, 'a'), isDone: false }])
  t.strictSame(names(), all)
  t.strictSame(told, [])
  t.equal(open(), before)
})

t.test('a directory that somebody has locked', async (t) => {
  const flock = () => {
    throw systemError('EAGAIN', 'flock')
  }
  const { top, noting, file, names } = scene(t, { flock })
  const all = names()
  t.strictSame(restoreNames(noting, [file]), [{ file, to: join(top, 'a'), isDone: false }])
  t.strictSame(names(), all)
})
