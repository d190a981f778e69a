import { linkSync, lstatSync, readdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readFileStatus, tryLease } from '../../../../src/kernel/processes/files/look-at-file.ts'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import type { FoundFile } from '../../../../src/model/processes/who/found-pages.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'

const found = (reach: string): FoundFile => {
  const { dev, ino } = lstatSync(reach, { bigint: true })
  return {
    key: `${hexDevice(dev)}:${ino}`,
    size: 4096n,
    path: '/x',
    isNamed: true,
    reach,
  } as FoundFile
}

t.test('what lstat tells of a file', async (t) => {
  const reach = join(t.testdir({ a: 'x'.repeat(10_000) }), 'a')
  const file = found(reach)
  const { ctimeMs, uid, gid, mode } = lstatSync(reach)
  t.hasStrict(readFileStatus(file), {
    reach,
    size: 10_000n,
    links: 1n,
    uid,
    gid,
    mode: mode & 0o7777,
  })
  t.ok(Math.abs((readFileStatus(file)?.touched ?? 0) - ctimeMs) < 2, 'the latest of its times')
  linkSync(reach, `${reach}2`)
  t.equal(readFileStatus(file)?.links, 2n)
})

t.test('another file by now, or none', async (t) => {
  const top = t.testdir({ a: 'one', b: 'other' })
  const reach = join(top, 'a')
  const file = found(reach)
  t.equal(readFileStatus({ ...file, reach: join(top, 'b') }), undefined)
  t.equal(readFileStatus({ key: file.key, size: 4096n } as FoundFile), undefined, 'out of reach')
  t.equal(readFileStatus({ ...file, reach: `${reach}/below` }), undefined)
  unlinkSync(reach)
  t.equal(readFileStatus(file), undefined)
  symlinkSync('b', reach)
  t.equal(readFileStatus(file), undefined, 'a link is never followed')
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
