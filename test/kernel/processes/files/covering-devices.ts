import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { coveringDevices } from '../../../../src/kernel/processes/files/covering-devices.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { temporary } from '../../../helpers/run.ts'

/** A directory of processes, each with a mount namespace of its own. */
const processes = (t: Test, tables: Readonly<Record<string, readonly string[]>>): string => {
  const proc = temporary(t)
  for (const [pid, table] of Object.entries(tables)) {
    mkdirSync(join(proc, pid, 'ns'), { recursive: true })
    symlinkSync(`mnt:[${pid}]`, join(proc, pid, 'ns/mnt'))
    writeFileSync(join(proc, pid, 'mountinfo'), lines(...table))
  }
  return proc
}

const root = '1 0 0:1 / / rw - ext4 /dev/vda rw'
const huge = (id: number, parent: number, minor: number, target = '/mnt') =>
  `${id} ${parent} 0:${minor} / ${target} rw - hugetlbfs none rw,pagesize=2M`

t.test('a hugetlbfs over another mount, in any namespace', async (t) => {
  const proc = processes(t, {
    self: [root, huge(2, 1, 40), huge(3, 1, 41, '/other')],
    7: [root, '4 1 0:50 / /mnt rw - tmpfs none rw', huge(5, 4, 42), huge(6, 5, 43)],
  })
  t.strictSame([...coveringDevices(proc)].sort(), ['00:2a', '00:2b'])
})

t.test('none', async (t) => {
  t.strictSame([...coveringDevices(processes(t, { self: [root, huge(2, 1, 40)] }))], [])
  t.strictSame([...coveringDevices(temporary(t))], [])
})
