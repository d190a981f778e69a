import { readFileSync } from 'node:fs'
import t from 'tap'
import { machines, type VirtualMachine } from './vm/machines.ts'
import { memoryOf, qemuWords } from './vm/qemu.ts'
import { neverRan } from './vm/report.ts'
import { turns } from './vm/turns.ts'

const series = readFileSync('test/vm/kernels.txt', 'utf8')
  .split('\n')
  .filter((line) => /^[^#\s]/.test(line))
  .map((line) => line.split(/ +/))

const kernelsOf = (name: string) => machines.find((machine) => machine.name === name)?.kernels

t.test('the table', async (t) => {
  const names = machines.map(({ name }) => name)
  t.equal(new Set(names).size, names.length, 'names every machine once')
  const tested = series.filter(([, , , when]) => when === 'test').map(([name]) => name)
  for (const { name, kernels } of machines)
    t.ok(
      kernels.length > 0 && kernels.every((each) => tested.includes(each)),
      `${name} has kernels`,
    )
  for (const name of ['two-nodes', 'tight'])
    t.strictSame(kernelsOf(name), tested, `${name} boots every one that is tested`)
})

const bootOf = (machine: Partial<VirtualMachine>) => {
  const whole = { name: 'm', summary: '', nodes: ['1G'], kernels: [], limit: 1, ...machine }
  return { machine: whole, kernel: '/k', image: '/i', accelerator: 'tcg' } as const
}

const option = (words: readonly string[], name: string) =>
  words.flatMap((word, at) => (word === name ? [words[at + 1]] : []))

t.test('the words for the emulator', async (t) => {
  const two = qemuWords(bootOf({ nodes: ['3G', '512M'] }))
  t.strictSame(option(two, '-m'), ['3584M'])
  t.strictSame(option(two, '-smp'), ['2'])
  t.strictSame(option(two, '-numa'), [
    'node,nodeid=0,cpus=0,memdev=m0',
    'node,nodeid=1,cpus=1,memdev=m1',
  ])
  const gap = qemuWords(bootOf({ nodes: ['1G', '0', '1G'] }))
  t.strictSame(option(gap, '-object').length, 2, 'a node without memory has no memory object')
  t.strictSame(option(gap, '-numa').slice(1), ['node,nodeid=1,cpus=1', 'node,nodeid=2,memdev=m2'])
  t.strictSame(option(qemuWords(bootOf({})), '-numa'), ['node,nodeid=0,cpus=0-1,memdev=m0'])
  t.strictSame(option(qemuWords(bootOf({ cpu: '-pdpe1gb' })), '-cpu'), ['max,-pdpe1gb'])
  const [line = ''] = option(qemuWords(bootOf({ append: 'hugepagesz=1G hugepages=1' })), '-append')
  t.match(line, /\bHUGEPOOL_MACHINE=m hugepagesz=1G hugepages=1$/)
  t.equal(memoryOf(bootOf({ nodes: ['1G', '0', '512M'] }).machine), 1.5 * 2 ** 30)
})

t.test('guests start in turn where processors and memory allow', async (t) => {
  const { enter, leave } = turns(2, 10)
  const started: string[] = []
  const start = (name: string, memory: number) => enter(memory).then(() => started.push(name))
  start('large', 20)
  start('second', 4)
  start('third', 4)
  start('fourth', 1)
  const settled = () => new Promise((done) => setImmediate(done))
  await settled()
  t.strictSame(started, ['large'], 'one that is too large starts alone')
  leave(20)
  await settled()
  t.strictSame(started, ['large', 'second', 'third'], 'then as many as there are processors')
  leave(4)
  await settled()
  t.strictSame(started, ['large', 'second', 'third', 'fourth'])
})

t.test('a live test that ran on no machine is found', async (t) => {
  const guest = (...lines: string[]) => `TAP version 14\r\n${lines.join('\r\n')}\r\n1..9\r\n`
  const one = guest('    ok 1 - inner # SKIP', 'ok 1 - a # time=3ms', 'ok 2 - b # SKIP needs x')
  const two = guest('ok 1 - b # SKIP needs x', 'not ok 2 - c', 'ok 3 - d # SKIP needs time')
  t.strictSame(neverRan([one, two], 'needs time'), ['b'])
  t.strictSame(neverRan([one, two, guest('ok 1 - b')], 'needs time'), [])
})
