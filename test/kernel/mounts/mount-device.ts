import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { deviceOf, mountsOf } from '../../../src/kernel/mounts/mount-device.ts'
import { readMountinfo } from '../../../src/kernel/mounts/mountinfo.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { temporary } from '../../helpers/run.ts'

t.test('the three forms of a device', async (t) => {
  t.strictSame(deviceOf('0:39'), { decimal: '0:39', hex: '00:27', number: 39n })
  t.strictSame(deviceOf('253:1'), { decimal: '253:1', hex: 'fd:01', number: 0xfd01n })
  t.strictSame(deviceOf('0:300'), { decimal: '0:300', hex: '00:12c', number: 0x10002cn })
})

const table = (...lines: readonly string[]) => `${lines.join('\n')}\n`

const process = (proc: string, id: string, namespace: string, mountinfo: string) => {
  mkdirSync(join(proc, id, 'ns'), { recursive: true })
  symlinkSync(`mnt:[${namespace}]`, join(proc, id, 'ns/mnt'))
  writeFileSync(join(proc, id, 'mountinfo'), mountinfo)
  writeFileSync(join(proc, id, 'comm'), `app ${id}\n`)
}

t.test('where a device is mounted', async (t) => {
  const root = temporary(t)
  const proc = join(root, 'proc')
  const own = table(
    '30 1 0:39 / /mnt/a\\040b rw shared:1 - hugetlbfs none rw,pagesize=2M',
    '31 1 0:390 / /mnt/c rw - hugetlbfs none rw,pagesize=2M',
  )
  process(proc, '100', 'own', own)
  symlinkSync('100', join(proc, 'self'))
  process(proc, '101', 'other', table('77 1 0:39 / /huge rw - hugetlbfs none rw,pagesize=2M'))
  process(proc, '102', 'other', 'never read')
  process(proc, '103', 'garbage', table('1 2 0:39'))
  mkdirSync(join(proc, '104'))
  t.strictSame(mountsOf(proc, deviceOf('0:39')), [
    { target: '/mnt/a b' },
    { target: '/huge', process: { pid: 101, command: 'app 101' } },
  ])
  t.strictSame(mountsOf(proc, deviceOf('0:40')), [])
  const read = readMountinfo(directoryTree(root))
  const deviceOfMount = (id: number) => {
    const line = read.find((one) => one.id === id)
    return line && deviceOf(line.device)
  }
  t.equal(deviceOfMount(31)?.decimal, '0:390')
  t.equal(deviceOfMount(3), undefined)
})

t.test('the number is that of stat', async (t) => {
  const { dev } = statSync('/proc', { bigint: true })
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn)
  t.equal(deviceOf(`${(dev >> 8n) & 0xfffn}:${minor}`).number, dev)
})
