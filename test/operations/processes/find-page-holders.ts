import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hugeDirectory } from '../../helpers/huge-directory.ts'
import { lines } from '../../helpers/on-fake.ts'

/** A page of a driver at an address, as maps and as smaps show it. */
const pageOf = (inode: number, path = '/pages', device = '00:7a') =>
  `7f0000000000-7f0000200000 rw-s 00000000 ${device} ${inode}    ${path}`

/** A process with these descriptors that has one page mapped. */
const addHolder = (proc: string, pid: number, line: string, open: readonly string[] = []) => {
  const directory = join(proc, `${pid}`)
  mkdirSync(join(directory, 'fd'), { recursive: true })
  writeFileSync(
    join(directory, 'status'),
    lines(`Name:\tdriven${pid}`, 'VmSize:\t9 kB', 'HugetlbPages:\t2048 kB'),
  )
  writeFileSync(join(directory, 'maps'), lines(line))
  writeFileSync(
    join(directory, 'smaps'),
    lines(line, 'KernelPageSize:     2048 kB', 'VmFlags: rd wr sh ht '),
  )
  open.forEach((path, at) => {
    symlinkSync(path, join(directory, `fd/${at + 3}`))
  })
}

const machine = (t: Test) => {
  const scene = hugeDirectory(t, [])
  addHolder(scene.proc, 7, pageOf(5), ['/dev/zero', '/dev/null'])
  // It has closed the device since.
  addHolder(scene.proc, 8, pageOf(5))
  addHolder(scene.proc, 9, pageOf(6), ['/dev/zero'])
  addHolder(scene.proc, 10, pageOf(7, '/memfd:x (deleted)'), ['/dev/full', '/etc/passwd'])
  return scene
}

t.test('who maps the pages of a driver, by a device that is open', async (t) => {
  const { run } = machine(t)
  const pidsOf = async (path: string) => {
    const { status, stdout } = await run(`who --path ${path} -rno PID,NAME`)
    return [status, stdout]
  }
  t.strictSame(await pidsOf('/dev/null'), [0, '7 /pages\n8 /pages\n'])
  t.strictSame(await pidsOf('/dev/zero'), [0, '7 /pages\n8 /pages\n9 /pages\n'])
})

t.test('a device that nobody is seen to map', async (t) => {
  const { run } = machine(t)
  for (const path of ['/dev/full', '/dev/random'])
    t.strictSame(await run(`who --path ${path}`), {
      status: 4,
      stdout: '',
      stderr: lines(
        `hugepool: ${path}: nobody is seen who has this device open and maps huge pages of a driver; of a mapping alone the kernel does not show the device`,
        "hint: 'hugepool who --all' shows the mappings of every driver",
      ),
    })
  t.hasStrict(await run('who --mount /dev/null'), {
    status: 2,
    stderr: lines(
      'hugepool: /dev/null: it is not on a hugetlbfs',
      "hint: 'hugepool mount DIR --pagesize SIZE --mkdir'",
      "try 'hugepool who --help'",
    ),
  })
})
