import { statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { pathsBelow } from '../../../../src/kernel/processes/scan/paths-below.ts'
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

const sorted = (paths: readonly string[]) => [...paths].sort()

t.test('files and links below a directory', async (t) => {
  const { top, device } = filled(t)
  const all = ['a', 'below/b', 'below/deeper/c', 'loose', 'to'].map((name) => join(top, name))
  t.strictSame(sorted(pathsBelow(top, device)), all)
  t.strictSame(sorted(pathsBelow(`${top}//`, device)), all)
  t.strictSame(pathsBelow(join(top, 'below/deeper'), device), [join(top, 'below/deeper/c')])
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
  t.strictSame([found, closed], [[join(top, 'below/b')], [join(top, 'below/deeper')]])
})
