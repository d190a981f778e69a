import { chmodSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { tryLease } from '../../../../src/kernel/processes/files/look-at-file.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'

t.test('a link is never followed', async (t) => {
  const reach = join(t.testdir({ b: '' }), 'a')
  symlinkSync('b', reach)
  t.equal(tryLease(nativeWith({}), reach), 'none')
})

t.test('a lease is tried on the file, and nothing stays open', async (t) => {
  const reach = join(t.testdir({ a: '' }), 'a')
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  t.equal(tryLease(nativeWith({ setLease: () => {} }), reach), 'free')
  t.equal(tryLease(nativeWith({}), `${reach}/none`), 'none')
  writeFileSync(reach, 'x')
  t.equal(open(), before)
})

const isRoot = process.getuid?.() === 0

t.test('a file that may not be read names what it takes', async (t) => {
  const directory = t.testdir({ a: '' })
  const reach = join(directory, 'a')
  chmodSync(reach, 0)
  if (isRoot) process.seteuid?.(65534)
  try {
    t.equal(tryLease(nativeWith({}), reach), 'CAP_DAC_OVERRIDE')
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})
