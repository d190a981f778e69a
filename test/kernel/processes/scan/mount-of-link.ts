import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { mayAsk, mountBehind } from '../../../../src/kernel/processes/scan/mount-of-link.ts'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { temporary } from '../../../helpers/run.ts'

const table = `30 1 0:39 / /mnt/huge rw - hugetlbfs none rw
31 1 0:40 / /srv rw - nfs4 server:/ rw
`

/** A process with descriptors on these mounts, by number; and whether a scan may ask their paths. */
const stage = (t: Test, isCautious: boolean) => {
  const proc = join(temporary(t), 'proc')
  const directory = join(proc, '7')
  mkdirSync(join(directory, 'fdinfo'), { recursive: true })
  mkdirSync(join(directory, 'ns'))
  symlinkSync('mnt:[1]', join(directory, 'ns/mnt'))
  writeFileSync(join(directory, 'mountinfo'), table)
  writeFileSync(join(directory, 'status'), 'Name:\tapp\n')
  for (const id of [30, 31, 99])
    writeFileSync(join(directory, `fdinfo/${id}`), `pos:\t0\nmnt_id:\t${id}\n`)
  const scan = newScan({ ...fakeKernel(), root: '/', proc }, undefined, { isCautious })
  const asks = (name: string, path: string) => mayAsk(scan, { pid: '7', directory, name, path })
  return { scan, asks }
}

t.test('files of huge pages are asked, those of other file systems never', async (t) => {
  for (const isCautious of [false, true]) {
    const { scan, asks } = stage(t, isCautious)
    t.ok(asks('30', '/mnt/huge/a (deleted)'))
    t.notOk(asks('31', '/srv/a (deleted)'), 'a server may not answer')
    for (const path of ['/memfd:ram (deleted)', '/SYSV00000000 (deleted)', '/anon_hugepage'])
      t.ok(asks('99', path), path)
    for (const path of ['/dmabuf:', '/secretmem (deleted)']) t.notOk(asks('99', path), path)
    t.equal(scan.unasked.size, 0)
  }
})

t.test('of a mount that no table shows', async (t) => {
  const { scan, asks } = stage(t, true)
  t.notOk(asks('99', '/kept'))
  t.notOk(asks('99', '/kept'))
  const process = { pid: 7, command: 'app' }
  t.strictSame([...scan.unasked.values()], [{ process, path: '/kept' }], 'told once')
  t.notOk(asks('100', '/gone'), 'a descriptor that is gone')
  t.equal(scan.unasked.size, 1)
  const bold = stage(t, false)
  t.ok(bold.asks('99', '/kept'))
  t.ok(bold.asks('100', '/unknown'))
  t.equal(bold.scan.unasked.size, 0)
})

t.test('the mount by which a link leads to its file', async (t) => {
  const directory = temporary(t)
  for (const [name, path] of [
    ['own', directory],
    ['proc', '/proc/self/status'],
    ['gone', '/proc/self/none'],
  ] as const)
    symlinkSync(path, join(directory, name))
  const idOf = (target: string) =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast((words) => words[4] === target)?.[0]
  t.equal(mountBehind(join(directory, 'proc')), Number(idOf('/proc')))
  t.type(mountBehind(join(directory, 'own')), 'number')
  t.equal(mountBehind(join(directory, 'gone')), undefined)
})
