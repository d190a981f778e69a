import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { processesAmong, processIds, readProcessName } from '../../src/kernel/process-list.ts'
import { answering } from '../helpers/failing-files.ts'
import { temporary } from '../helpers/run.ts'

t.test('processes by number', async (t) => {
  t.strictSame(processesAmong(['self', '10', '9', '0', '007', 'sys', '1x']), ['9', '10'])
  t.ok(processIds('/proc').includes(`${process.pid}`))
})

t.test('what a process is called', async (t) => {
  const proc = temporary(t)
  const named = (comm: string) => {
    mkdirSync(join(proc, '7'), { recursive: true })
    writeFileSync(join(proc, '7/comm'), comm, 'latin1')
    return readProcessName(proc, '7')
  }
  t.equal(named('app\n'), 'app')
  t.equal(named('gr\xc3\xb6\xc3\x9fe-\xe6\x97\xa5\xe6\x9c\xac\n'), 'größe-日本')
  t.equal(named('a\nb\n'), 'a\nb', 'a name may have a newline in it')
  t.equal(named('abcdefghijklmn\xc3\n'), 'abcdefghijklmn', 'cut within a character')
  t.equal(named('\xff\n'), '\\377')
  t.equal(readProcessName(proc, '8'), '?', 'gone')
})

t.test(
  'a name that cannot be read for want of a descriptor is no process that is gone',
  async (t) => {
    const proc = temporary(t)
    const comm = join(proc, '7/comm')
    mkdirSync(join(proc, '7'))
    writeFileSync(comm, 'app\n')
    answering(t, comm, 'EMFILE')
    t.throws(() => readProcessName(proc, '7'), { code: 'EMFILE' })
  },
)
