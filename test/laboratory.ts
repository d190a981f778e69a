import { chmodSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { architectures as lineArchitectures } from './boot-lines/architectures.ts'
import { usualLines } from './boot-lines/generated-lines.ts'
import {
  type ArchitectureName,
  architectureNames,
  architectures,
  native,
} from './vm/architectures.ts'
import { machinesHere, machinesOf } from './vm/every-machine.ts'
import { runGuest } from './vm/guest.ts'
import { machines, type VirtualMachine } from './vm/machines.ts'
import { bootsOf } from './vm/plan.ts'
import { emulation, memoryOf, qemuWords, tellingLine } from './vm/qemu.ts'
import { failures, neverRan } from './vm/report.ts'
import { turns } from './vm/turns.ts'
import { complaint, type Ended } from './vm/verdict.ts'

const rowsOf = (table: string) =>
  readFileSync(`test/vm/${table}`, 'utf8')
    .split('\n')
    .filter((line) => /^[^#\s]/.test(line))
    .map((line) => line.split(/ +/))

const series = rowsOf('kernels.txt')

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
  for (const name of ['one-node', 'two-nodes', 'tight'])
    t.strictSame(kernelsOf(name), tested, `${name} boots every one that is tested`)
  const withModules = series.filter(([, , , , modules]) => modules === 'yes').map(([name]) => name)
  for (const { name, kernels, gives } of machines.filter(({ modules }) => modules)) {
    t.strictSame(kernels, withModules, `${name} boots those that modules are built for`)
    t.ok(gives?.includes('modules'), `${name} has to have them`)
  }
  for (const { name, processes, only } of machines.filter((machine) => machine.only))
    if (processes !== undefined)
      t.ok(only?.includes(`processes: ${processes}`), `${name} runs the tests that it is for`)
  // What the table of counters needs: a kernel on which it were skipped fails.
  const { gives = [] } = machines.find(({ name }) => name === 'one-node') ?? {}
  for (const need of ['room', 'one node with memory', 'gigantic pages'] as const)
    t.ok(gives.includes(need), `one-node gives ${need}`)
})

t.test('the tables of other architectures', async (t) => {
  const scripts = rowsOf('architectures.txt')
  t.strictSame(
    scripts.map(([name]) => name),
    architectureNames.filter((name) => name !== native),
    'scripts know the same',
  )
  for (const [name, , , , qemu] of scripts)
    t.equal(qemu?.split(':')[0], architectures[name as ArchitectureName].program)
  for (const name of architectureNames) {
    const known = rowsOf(architectures[name].kernels).map(([series]) => series)
    const rows = machinesOf[name]
    t.equal(new Set(rows.map((row) => row.name)).size, rows.length, `${name}: each machine once`)
    for (const row of rows)
      t.ok(
        row.kernels.length > 0 && row.kernels.every((each) => known.includes(each)),
        `${name}: ${row.name} has kernels`,
      )
  }
  t.strictSame(machinesHere, machinesOf[native], 'those of the processor that runs this')
})

t.test(
  'what the kernel alone decides runs on each kernel with one node, and on one with two',
  async (t) => {
    const every = kernelsOf('one-node') ?? []
    const whole = (name: string) => {
      const { kernels = [], brief = [] } = machines.find((machine) => machine.name === name) ?? {}
      return kernels.filter((each) => !brief.includes(each))
    }
    t.strictSame(whole('one-node'), every)
    t.strictSame(whole('two-nodes'), ['6.12'])
    for (const { name, kernels, brief = [], only } of machines) {
      t.ok(
        brief.every((each) => kernels.includes(each) && every.includes(each)),
        `${name} leaves nothing to nobody`,
      )
      t.ok(brief.length === 0 || only === undefined, `${name} is for one thing or the other`)
    }
  },
)

t.test('machines are brief in a run of the whole table alone', async (t) => {
  const pairs = machines.flatMap((machine) =>
    machine.kernels.map((series) => ({ architecture: 'amd64' as const, machine, series })),
  )
  const brief = (whole: boolean) =>
    bootsOf(pairs, new Map(), '/i', whole).flatMap(({ machine, series, append }) =>
      append === undefined ? [] : [`${machine.name} ${series} ${append.join()}`],
    )
  t.strictSame(brief(false), [])
  t.strictSame(
    brief(true),
    machines.flatMap(({ name, brief: series = [] }) =>
      series.map((each) => `${name} ${each} HUGEPOOL_BRIEF=1`),
    ),
  )
  t.equal(brief(true).length, 7)
})

const bootOf = (machine: Partial<VirtualMachine>, architecture: ArchitectureName = 'amd64') => {
  const whole = { name: 'm', summary: '', nodes: ['1G'], kernels: [], limit: 1, ...machine }
  const accelerator = 'tcg,thread=single'
  return { architecture, machine: whole, kernel: '/k', image: '/i', accelerator } as const
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
  t.strictSame(option(qemuWords(bootOf({ cpu: '-pdpe1gb' })), '-cpu'), ['max,-erms,-la57,-pdpe1gb'])
  const [line = ''] = option(qemuWords(bootOf({ append: 'hugepagesz=1G hugepages=1' })), '-append')
  t.match(line, /\bHUGEPOOL_MACHINE=m hugepagesz=1G hugepages=1$/)
  t.equal(memoryOf(bootOf({ nodes: ['1G', '0', '512M'] }).machine), 1.5 * 2 ** 30)
  t.strictSame(option(two, '-accel'), ['tcg,thread=single'])
})

t.test('lines are booted on arm64 as on x86', async (t) => {
  const tested = (rows: readonly (readonly string[])[]) =>
    rows.filter(([, , , when]) => when === 'test').map(([name, suite]) => `${name} ${suite}`)
  t.strictSame(tested(rowsOf('kernels-arm64.txt')), tested(series), 'with the same series')
  t.strictSame(Object.keys(usualLines), ['x86_64', 'arm64'])
  t.ok(
    usualLines.arm64.some((line) =>
      ['64K', '2M', '32M', '1G'].every((size) => line.includes(`hugepagesz=${size} hugepages=0:`)),
    ),
    'one line asks for all four sizes by node',
  )
  t.strictSame(
    lineArchitectures.map(({ name, debian }) => [name, debian]),
    [
      ['x86_64', 'amd64'],
      ['arm64', 'arm64'],
    ],
  )
})

t.test('the emulator of arm64', async (t) => {
  const boot = { ...bootOf({ nodes: ['6G', '6G'] }, 'arm64'), append: ['hugepages=4'] }
  const line = tellingLine(boot, 'file:/c')
  t.equal(line[0], 'qemu-system-aarch64')
  t.strictSame(option(line, '-machine'), ['virt,gic-version=3'])
  t.strictSame(option(line, '-m'), ['12288M'])
  t.equal(option(line, '-numa').length, 2)
  t.strictSame(option(line, '-cpu'), ['cortex-a57'])
  t.strictSame(option(line, '-append'), [
    'console=ttyAMA0 panic=-1 quiet init_on_alloc=0 nokaslr HUGEPOOL_MACHINE=m HUGEPOOL_RESULTS=/dev/ttyS0 hugepages=4',
  ])
  t.strictSame(line.slice(-6), [
    ...['-serial', 'file:/c', '-chardev', 'stdio,id=told', '-device', 'pci-serial,chardev=told'],
  ])
  const large = qemuWords({ ...boot, kernel: '/linux-image-6.12.1-arm64-16k/vmlinuz' })
  t.strictSame(option(large, '-cpu'), ['max,pauth-impdef=on'], 'for base pages of 16K')
})

t.test('the emulators of POWER and IBM Z', async (t) => {
  const power = tellingLine(bootOf({}, 'ppc64el'), 'null')
  t.equal(power[0], 'qemu-system-ppc64')
  t.strictSame(option(power, '-serial'), ['null', 'stdio'])
  t.match(option(power, '-append')[0], /^console=hvc0 .* HUGEPOOL_RESULTS=\/dev\/hvc1$/)
  const z = (console: string) => tellingLine(bootOf({}, 's390x'), console)
  t.strictSame(option(z('file:/c'), '-chardev'), ['file,path=/c,id=console', 'stdio,id=told'])
  t.strictSame(option(z('null'), '-chardev')[0], 'null,id=console')
  t.notMatch(z('null').join(' '), /numa/, 'it has one node, and the emulator knows no other')
})

t.test('the emulator of x86 is told what it always was', async (t) => {
  const line = tellingLine(bootOf({ append: 'hugepages=1' }), 'null')
  t.strictSame(line, [
    ...['qemu-system-x86_64', '-accel', 'tcg,thread=single', '-cpu', 'max,-erms,-la57'],
    ...['-m', '1024M', '-smp', '2', '-object', 'memory-backend-ram,id=m0,size=1G'],
    ...['-numa', 'node,nodeid=0,cpus=0-1,memdev=m0', '-kernel', '/k', '-initrd', '/i', '-append'],
    'console=ttyS0 panic=-1 quiet init_on_alloc=0 nokaslr mitigations=off no_timer_check HUGEPOOL_MACHINE=m hugepages=1',
    ...['-display', 'none', '-monitor', 'none', '-no-reboot', '-nodefaults'],
    ...['-serial', 'null', '-serial', 'stdio'],
  ])
})

t.test('guests have no more threads than there are processors', async (t) => {
  t.equal(emulation(1, 2), 'tcg,thread=multi', 'one alone has two')
  t.equal(emulation(1, 1), 'tcg,thread=single', 'unless there is only one processor')
  t.equal(emulation(2, 2), 'tcg,thread=single')
  t.equal(emulation(2, 4), 'tcg,thread=multi')
  t.equal(emulation(22, 4), 'tcg,thread=single', 'four run at once')
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
  t.strictSame(neverRan([one, two], ['needs time']), ['b'])
  t.strictSame(neverRan([one, two, guest('ok 1 - b')], ['needs time']), [])
  const more = guest('ok 1 - d # SKIP needs x')
  t.strictSame(neverRan([one, more], ['needs time']), ['b', 'd'])
  t.strictSame(neverRan([one, two, more], ['needs time']), ['b'], 'one that tells it is enough')
})

t.test('what failed in a guest is told apart from what passed', async (t) => {
  const passed = 'ok 1 - a\r\nnot ok 2 - b # SKIP needs x\r\nnot ok 3 - c # TODO\r\n'
  t.equal(failures('m', passed), '')
  const block = (indent: string) => `${indent}  ---\r\n${indent}  found: 3\r\n${indent}  ...\r\n`
  const inner = `    ok 1 - x\r\n    not ok 2 - y\r\n${block('    ')}    ok 3 - z\r\n`
  const told = failures('m', `${passed}${inner}not ok 4 - d\r\n${block('')}ok 5 - e\r\n`)
  t.equal(
    told,
    '# m:\n    not ok 2 - y\n      ---\n      found: 3\n      ...\n' +
      'not ok 4 - d\n  ---\n  found: 3\n  ...\n',
  )
})

const ended = { results: 'ok 1 - a\n1..1\n# finished: 0\n', status: 0, limit: 9 }

t.test('a guest that failed and cannot say so itself is found', async (t) => {
  const why = (but: Partial<Ended>) => complaint({ ...ended, ...but })
  t.equal(why({}), undefined)
  t.equal(why({ results: 'not ok 1 - a\n# finished: 1\n' }), undefined, 'this says it itself')
  t.match(why({ status: 124 }), 'hangs: has not ended after 9 seconds')
  t.match(why({ status: 3 }), 'its emulator with 3')
  t.match(why({ results: 'ok 1 - a\n', status: 0 }), 'without its results')
  t.match(why({ results: '# not prepared: 1\n' }), 'could not be prepared: its script ended with 1')
  for (const none of ['', '1..0\n', '1..0 # SKIP\n'])
    t.match(why({ results: `TAP version 14\n${none}# finished: 0\n` }), 'lost its results')
  for (const excuse of ['TODO', 'todo later', 'SKIP needs x']) {
    const results = `not ok 1 - a # ${excuse}\n# finished: 1\n`
    t.match(why({ results }), 'its tests ended with 1', `${excuse} is no failure that is told`)
  }
})

/** The report of a guest whose emulator, on the PATH before others, is this script of sh. */
const reportWith = async (t: Test, script: string | undefined, path?: string) => {
  const directory = t.testdir(
    script === undefined ? {} : { 'qemu-system-x86_64': `#!/bin/sh\n${script}\n` },
  )
  if (script !== undefined) chmodSync(`${directory}/qemu-system-x86_64`, 0o755)
  const before = process.env.PATH
  process.env.PATH = path ?? `${directory}:${before}`
  try {
    const guest = runGuest(bootOf({ limit: 9 }), `${directory}/console`)
    return await guest.text
  } finally {
    process.env.PATH = before
  }
}

t.test('a guest whose emulator writes no console fails and says why', async (t) => {
  const spoken = await reportWith(t, 'echo "no such option" >&2; echo "or: two" >&2; exit 1')
  t.match(spoken, /^not ok - the guest ended without its results \(emulator: 1\)$/m)
  t.match(spoken, /^ {2}emulator: \|-\n {4}no such option\n {4}or: two$/m)
  t.match(spoken, /^ {2}kernel: \|-\n {4}\/k$/m, 'with the kernel that it booted')
  t.match(spoken, /^ {2}console: \|-\n {4}none: ENOENT/m)
  const nowhere = await reportWith(t, undefined, '/nowhere')
  t.match(nowhere, /^ {4}spawn timeout ENOENT$/m, 'as does one that cannot be started')
})

t.test('a machine that does not give what it is there for is found', async (t) => {
  const results = 'ok 1 - a\r\nok 2 - b # SKIP needs memory in pieces\r\n# finished: 0\r\n'
  t.match(
    complaint({ ...ended, results, gives: ['memory in pieces'] }),
    'is not the machine that is meant: it does not give memory in pieces',
  )
  t.match(
    complaint({ ...ended, results, gives: ['room', 'memory in pieces'] }),
    /does not give memory in pieces$/,
    'one of several',
  )
  const more = `${results}ok 3 - c # SKIP needs room\r\n`
  t.match(
    complaint({ ...ended, results: more, gives: ['room', 'gigantic pages', 'memory in pieces'] }),
    /does not give room, nor memory in pieces$/,
    'two of several',
  )
  t.equal(complaint({ ...ended, results, gives: ['room', 'a read-only /sys'] }), undefined)
})
