import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { type PathBelow, pathsBelow } from '../../../../src/kernel/processes/scan/paths-below.ts'
import { answering } from '../../../helpers/failing-files.ts'
import { fill } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

const filled = (t: Test) => {
  const top = temporary(t)
  fill(top, {
    texts: { a: '', 'below/b': '', 'below/deeper/c': '' },
    links: { to: 'below', loose: 'none' },
  })
  return { top, device: hexDevice(statSync(top, { bigint: true }).dev) }
}

const sorted = (found: readonly PathBelow[]) => found.map(({ path }) => path).sort()

t.test('files and links below a directory', async (t) => {
  const { top, device } = filled(t)
  const all = ['a', 'below/b', 'below/deeper/c', 'loose', 'to'].map((name) => join(top, name))
  t.strictSame(sorted(pathsBelow(top, device)), all)
  t.strictSame(sorted(pathsBelow(`${top}//`, device)), all)
  const c = join(top, 'below/deeper/c')
  t.strictSame(pathsBelow(join(top, 'below/deeper'), device), [{ path: c, file: c }])
})

t.test('directories of another device are left out', async (t) => {
  const { top } = filled(t)
  const own = ['a', 'loose', 'to'].map((name) => join(top, name))
  t.strictSame(sorted(pathsBelow(top, 'ff:ff')), own)
})

t.test('what is no directory, or gone', async (t) => {
  const { top, device } = filled(t)
  t.strictSame(pathsBelow(join(top, 'a'), device), [])
  t.strictSame(pathsBelow(join(top, 'none'), device), [])
})

t.test('a closed directory takes no others with it, and is told', async (t) => {
  const { top, device } = filled(t)
  const closed: string[] = []
  answering(t, join(top, 'below/deeper'), 'EACCES', ['readdirSync'])
  const found = pathsBelow(join(top, 'below'), device, (path) => closed.push(path))
  t.strictSame([sorted(found), closed], [[join(top, 'below/b')], [join(top, 'below/deeper')]])
})

t.test('names that are not UTF-8 lead to their files all the same', async (t) => {
  const { top, device } = filled(t)
  const directory = Buffer.from(`${join(top, 'below')}/gr\xfcn`, 'latin1')
  mkdirSync(directory)
  writeFileSync(Buffer.concat([directory, Buffer.from('/größe')]), 'data')
  const found = pathsBelow(join(top, 'below'), device)
  t.strictSame(
    found.map(({ path }) => path.slice(top.length)).sort(),
    ['/below/b', '/below/deeper/c', '/below/gr\\374n/größe'].sort(),
  )
  const odd = found.find(({ file }) => typeof file !== 'string')
  t.equal(readFileSync(odd?.file ?? '', 'utf8'), 'data')
  t.ok(odd?.path.endsWith('/größe'))
  const closed: string[] = []
  rmSync(directory, { recursive: true })
  const name = join(top, 'below/größe')
  writeFileSync(name, '')
  const text = pathsBelow(join(top, 'below'), device, (path) => closed.push(path))
  t.strictSame(
    text.filter(({ path }) => path === name),
    [{ path: name, file: name }],
  )
  t.strictSame(closed, [])
})

for (const code of ['EACCES', 'ENOENT'])
  t.test(`a directory of which nothing can be asked: ${code}`, async (t) => {
    const { top, device } = filled(t)
    const closed: string[] = []
    answering(t, join(top, 'below/deeper'), code, ['statSync'])
    const found = pathsBelow(join(top, 'below'), device, (path) => closed.push(path))
    t.strictSame(sorted(found), [join(top, 'below/b')])
    t.strictSame(closed, code === 'EACCES' ? [join(top, 'below/deeper')] : [])
  })
