import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installed, spawnProgram, treeCopy } from '../helpers/run.ts'

const program = installed()
const file2M = 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
const file1G = 'sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages'

/** Runs hugepool; the kernel refuses every write to one file of the recording. */
const refusing = (errno: string, file: string, words: readonly string[]) => {
  const inject = ['-e', 'trace=write', '-e', `inject=write:error=${errno}`]
  const under = ['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-P', file, ...inject]
  return spawnProgram(program, words, { under })
}

for (const [errno, status, said] of [
  ['EROFS', 3, 'read-only file system\nhint: '],
  ['ENOSPC', 1, 'no space left on device (ENOSPC)\n'],
  ['EIO', 1, 'input/output error (EIO)\n'],
] as const)
  t.test(`a recording whose file answers ${errno} to a write is as it was`, async (t) => {
    const sysroot = treeCopy(t, 'two-nodes')
    const file = join(sysroot, file2M)
    const before = readFileSync(file, 'utf8')
    const told = refusing(errno, file, ['resize', '2M=+4', '--sysroot', sysroot])
    t.hasStrict(told, { status, stdout: '' })
    t.ok(told.stderr.startsWith(`hugepool: /${file2M}: ${said}`), told.stderr)
    t.equal(readFileSync(file, 'utf8'), before)
  })

t.test('what was written before the error is told', async (t) => {
  const sysroot = treeCopy(t, 'two-nodes')
  const before = readFileSync(join(sysroot, file1G), 'utf8')
  const words = ['resize', '2M=+4', '1G=+1', '--leave', '0', '--sysroot', sysroot]
  const told = refusing('EROFS', join(sysroot, file2M), words)
  t.equal(told.status, 64)
  t.match(told.stderr, /nr_hugepages: read-only file system/)
  t.match(told.stdout, /^1G +all .* done$/m)
  t.equal(Number(readFileSync(join(sysroot, file1G), 'utf8')), Number(before) + 1)
})
