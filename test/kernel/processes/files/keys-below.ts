import { lstatSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keysBelow } from '../../../../src/kernel/processes/files/keys-below.ts'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { locateHugeFile } from '../../../../src/kernel/processes/scan/locate-huge-file.ts'
import { pathsBelow } from '../../../../src/kernel/processes/scan/paths-below.ts'

t.test('files below a directory, and none of another device', async (t) => {
  const top = t.testdir({ a: '', below: { b: '', deeper: { c: '' } }, empty: {} })
  const device = hexDevice(lstatSync(top, { bigint: true }).dev)
  const paths = (name: string, of = device) =>
    pathsBelow(join(top, name), of)
      .map(({ path }) => path.slice(top.length))
      .sort()
  t.strictSame(paths(''), ['/a', '/below/b', '/below/deeper/c'])
  t.strictSame(paths('', 'ff:ff'), ['/a'], 'directories of another one are left out')
  t.strictSame(paths('none'), [], 'one that went')
})

t.test('what is not on a hugetlbfs is refused', async (t) => {
  const top = t.testdir({ a: '' })
  for (const path of [top, join(top, 'a'), join(top, 'none'), join(top, 'a/below')])
    t.throws(() => keysBelow(path), { code: 'E_USAGE' }, path)
})

t.test('the keys of a file, and of those below a directory', async (t) => {
  const top = t.testdir({ a: '', below: { b: '' } })
  const keyOf = (name: string): string => {
    const { dev, ino } = lstatSync(join(top, name), { bigint: true })
    return `${hexDevice(dev)}:${ino}`
  }
  const keys = (name: string) => [
    ...keysBelow(join(top, name), (path) => locateHugeFile(path, () => 1)),
  ]
  t.strictSame(keys('a'), [keyOf('a')])
  symlinkSync('a', join(top, 'to'))
  t.strictSame(keys('to'), [keyOf('a')], 'a link to a file')
  t.strictSame(keys('').sort(), [keyOf('a'), keyOf('below/b'), keyOf('to')].sort())
})
