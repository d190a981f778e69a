import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { errorSchema } from '../../../src/output/schemas/parts.ts'
import { parseExact } from '../../helpers/json.ts'
import { run, treeCopy } from '../../helpers/run.ts'

const mountable = treeCopy(t, 'no-1g')
mkdirSync(join(mountable, 'mnt'))
writeFileSync(join(mountable, 'proc/self/mountinfo'), '')
const tree = directoryTree(mountable)

const without = 'hint: this machine has 2M\n'
const advice =
  'hint: on x86_64 1G pages want the CPU flag pdpe1gb in /proc/cpuinfo; where it is there, the pool is there from the start\n'

for (const line of [
  'list 1G',
  'resize 1G=2',
  'resize 1G=2 --dry-run',
  'overcommit 1G=2',
  'demote 1G=2',
  'mount /mnt --pagesize 1G --dry-run',
])
  t.test(`${line} says what 1G needs`, async (t) => {
    t.strictSame(await run(line.split(' '), { tree }), {
      status: 4,
      stdout: '',
      stderr: `hugepool: there are no 1G pages here\n${without}${advice}`,
    })
  })

t.test('a size of another architecture: only what there is', async (t) => {
  const { status, stderr } = await run(['list', '16M'], { tree: 'no-1g' })
  t.strictSame(
    { status, stderr },
    { status: 4, stderr: `hugepool: there are no 16M pages here\n${without}` },
  )
})

t.test('the recording tells, not the machine that looks at it', async (t) => {
  const directory = treeCopy(t, 'no-1g')
  const said = async () => {
    const { stderr } = await run(['list', '1G'], { tree: directoryTree(directory) })
    return stderr.split('\n')[2]
  }
  writeFileSync(
    join(directory, 'proc/cpuinfo'),
    'processor\t: 0\nflags\t\t: fpu pse\n\nflags\t\t: pdpe1gb\n',
  )
  t.match(await said(), /want the CPU flag pdpe1gb, which \/proc\/cpuinfo does not have; /)
  writeFileSync(join(directory, 'proc/cpuinfo'), 'flags\t\t: fpu pdpe1gb pse\n')
  t.match(await said(), /^hint: this CPU can have 1G pages \(pdpe1gb\), but /)
  mkdirSync(join(directory, 'proc/sys/kernel'), { recursive: true })
  writeFileSync(join(directory, 'proc/sys/kernel/arch'), 'riscv64\n')
  t.match(await said(), /^hint: on riscv64 1G pages come with /, 'before the name of the release')
})

t.test('JSON has the size and both hints', async (t) => {
  const { stdout } = await run(['list', '1G', '--json'], { tree: 'no-1g' })
  const { error } = errorSchema.parse(parseExact(stdout))
  t.equal(error.pageSize, 1024n ** 3n)
  t.equal(error.hint, `${without}${advice}`.replaceAll('hint: ', '').trim())
})

t.test('other errors stay as they are', async (t) => {
  const { stderr } = await run(['resize', '2M=9:1'], { tree: 'no-1g' })
  t.equal(stderr, 'hugepool: there is no node 9 here\nhint: this machine has node 0\n')
})
