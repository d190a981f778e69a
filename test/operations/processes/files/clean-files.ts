import { existsSync, fstatSync, lstatSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { hugeDirectory } from '../../../helpers/huge-directory.ts'
import { parseExact } from '../../../helpers/json.ts'
import { segmentTable } from '../../../helpers/segment-table.ts'

const clean = 'files --clean --older 0s'

const names = (top: string) => readdirSync(top).sort()

/** What a command line comes to, with the directory's name left out. */
const outcome = async (t: Test, files: readonly string[], line: string, around = {}) => {
  const { top, run, questions } = hugeDirectory(t, files)
  const result = await run(line, around)
  const short = (text: string) => text.replaceAll(top, '/mnt')
  return {
    status: result.status,
    stdout: short(result.stdout).split('\n').slice(0, -1),
    stderr: short(result.stderr).split('\n').slice(0, -1),
    there: names(top),
    questions: questions.map(short),
  }
}

const question = [
  'nobody has these files:',
  '  /mnt/a: 0 pages of 2M',
  '  /mnt/rtemap_0: 0 pages of 2M, of DPDK (prefix rte)',
  'remove 2 files? [y/N] ',
].join('\n')

const removed = {
  status: 0,
  stdout: ['left yes /mnt/a', 'left yes /mnt/rtemap_0'],
  stderr: ['hugepool: note: removed 2 files: 0 pages came back'],
  there: [],
  questions: [],
}

t.test('--yes removes what nobody has, and asks nothing', async (t) => {
  const line = `${clean} --yes -rno STATE,REMOVED,PATH`
  t.strictSame(await outcome(t, ['a', 'rtemap_0'], line), removed)
})

for (const answer of ['y', 'Y', 'yes', 'y\n'])
  t.test(`the answer ${JSON.stringify(answer)} removes`, async (t) => {
    const found = await outcome(t, ['a', 'rtemap_0'], `${clean} -rno PATH`, { answer })
    t.strictSame(found, {
      ...removed,
      stdout: ['/mnt/a', '/mnt/rtemap_0'],
      questions: [question],
    })
  })

for (const answer of ['n', '', '\n', 'no', ' y', 'ja'])
  t.test(`the answer ${JSON.stringify(answer)} removes nothing`, async (t) => {
    const found = await outcome(t, ['a', 'rtemap_0'], `${clean} -rno PATH`, { answer })
    t.strictSame(found, {
      status: 0,
      stdout: ['/mnt/a', '/mnt/rtemap_0'],
      stderr: ['hugepool: note: nothing was removed'],
      there: ['a', 'rtemap_0'],
      questions: [question],
    })
  })

t.test('without a terminal it takes --yes', async (t) => {
  const { status, stderr, there } = await outcome(t, ['a'], clean)
  t.strictSame(
    { status, stderr, there },
    {
      status: 2,
      stderr: [
        'hugepool: --clean asks before it removes anything, and here is no terminal',
        'hint: give --yes',
        "try 'hugepool files --help'",
      ],
      there: ['a'],
    },
  )
})

t.test('where there is nothing to remove it asks nothing', async (t) => {
  t.strictSame(await outcome(t, ['a'], 'files --clean -rno PATH', { answer: 'y' }), {
    status: 0,
    stdout: ['/mnt/a'],
    stderr: ['hugepool: note: /mnt/a stays: it was used a short while ago'],
    there: ['a'],
    questions: [],
  })
  t.strictSame(await outcome(t, [], 'files --clean'), {
    status: 0,
    stdout: [],
    stderr: ['hugepool: note: no file was found on hugetlbfs'],
    there: [],
    questions: [],
  })
})

t.test('a dry run prints lines and removes nothing', async (t) => {
  t.strictSame(await outcome(t, ['a', 'b'], `${clean} --dry-run --keep b`), {
    status: 0,
    stdout: ['rm -- /mnt/a'],
    stderr: ['hugepool: note: /mnt/b stays: --keep names it'],
    there: ['a', 'b'],
    questions: [],
  })
})

t.test('paths of --keep, relative to the working directory too', async (t) => {
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  const kept = async (word: (top: string) => string) => {
    const { top, run } = hugeDirectory(t, ['a', 'below/b', 'c'])
    process.chdir(top)
    const { stderr } = await run(`${clean} --yes --keep ${word(top)}`)
    const there = names(top)
    process.chdir(before)
    return { there, told: stderr.includes('names no file') }
  }
  t.strictSame(await kept(() => './a'), { there: ['a', 'below'], told: false })
  t.strictSame(await kept((top) => `${top}//a`), { there: ['a', 'below'], told: false })
  t.strictSame(await kept((top) => `${top}/a*,c`), { there: ['a', 'below', 'c'], told: false })
  t.strictSame(await kept(() => './none'), { there: ['below'], told: true })
})

t.test('a word of --keep that names nothing is told', async (t) => {
  const found = await outcome(t, ['a', 'b'], `${clean} --dry-run --keep b,x*`)
  t.strictSame(found.stderr, [
    'hugepool: note: /mnt/b stays: --keep names it',
    'hugepool: note: --keep x* names no file',
  ])
})

t.test('what cannot be removed is 64, and the others are removed', async (t) => {
  let asked = 0
  const setLease = () => {
    asked += 1
    // The first two are asked for when they are listed.
    if (asked === 3) throw systemError('EAGAIN', 'fcntl')
  }
  const found = await outcome(t, ['a', 'b'], `${clean} --yes -rno PATH`, { native: { setLease } })
  t.strictSame(found, {
    status: 64,
    stdout: ['/mnt/a', '/mnt/b'],
    stderr: [
      'hugepool: note: removed 1 file: 0 pages came back',
      'hugepool: /mnt/a: not removed: somebody has it by now',
    ],
    there: ['a'],
    questions: [],
  })
})

t.test('a signal leaves the rest', async (t) => {
  let isStopped = false
  const watchSignals = () => ({
    pending: () => (isStopped ? ('SIGINT' as const) : undefined),
    end: () => {},
  })
  const getLease = () => {
    isStopped = true
    return 1
  }
  const found = await outcome(t, ['a', 'b'], `${clean} --yes -rno PATH`, {
    native: { getLease },
    watchSignals,
  })
  t.equal(found.status, 'SIGINT')
  t.strictSame(found.there, ['b'])
  t.ok(found.stderr.includes('hugepool: /mnt/b: not removed: a signal came before'))
})

t.test('JSON', async (t) => {
  const { top, run } = hugeDirectory(t, ['a', 'x.wksp'])
  const { stdout } = await run(`${clean} --yes --json`)
  const { removed, kept, notRemoved, returned } = parseExact(stdout) as Record<string, unknown>
  t.strictSame(
    { removed, kept, notRemoved, returned },
    {
      removed: [`${top}/a`],
      kept: [{ path: `${top}/x.wksp`, reason: 'stays' }],
      notRemoved: [],
      returned: { pages: 0n, reservations: 0n, leftPool: 0n },
    },
  )
})

t.test('options of --clean without it, and wrong ones', async (t) => {
  const { run } = hugeDirectory(t, ['a'])
  const said = async (line: string) => {
    const { status, stderr } = await run(line)
    return [status, stderr.split('\n')[0]]
  }
  for (const option of ['--yes', '--older 1h', '--keep a', '--dry-run']) {
    const [name] = option.split(' ')
    t.strictSame(await said(`files ${option}`), [2, `hugepool: ${name} is for --clean`])
  }
  t.equal((await said('files --clean --older x'))[0], 2)
  t.strictSame(await said('files --clean --keep a,'), [2, "hugepool: 'a,' is not a list of names"])
})

/** A file that a killed program left under another name. */
const leftAside = (t: Test) => {
  const scene = hugeDirectory(t, ['a'])
  const { ino } = lstatSync(join(scene.top, 'a'), { bigint: true })
  const aside = `.hugepool-${ino}-a`
  renameSync(join(scene.top, 'a'), join(scene.top, aside))
  return { ...scene, aside, ino }
}

t.test('a file that was left set aside is removed where nobody has it', async (t) => {
  const { top, run, aside } = leftAside(t)
  const { status, stdout } = await run(`${clean} --yes -rno PROGRAM,PATH`)
  t.equal(status, 0)
  t.equal(stdout, `hugepool\\040(set\\040aside) ${top}/${aside}\n`)
  t.strictSame(names(top), [])
})

t.test('it gets its name back where somebody has it', async (t) => {
  const { top, run, aside, ino, kernel, device } = leftAside(t)
  kernel.extra.set('/proc/locks', `1: FLOCK  ADVISORY  WRITE 7 ${device}:${ino} 0 EOF\n`)
  const { status, stdout, stderr } = await run(`${clean} --yes -rno STATE,PATH`)
  t.strictSame(
    { status, stdout, stderr },
    {
      status: 0,
      stdout: `locked ${top}/${aside}\n`,
      stderr: `hugepool: note: ${top}/${aside} was set aside and somebody has it: it is ${top}/a again\n`,
    },
  )
  t.strictSame(names(top), ['a'])
})

t.test('it keeps the other one where another file has its name', async (t) => {
  const { top, run, aside, ino, kernel, device } = leftAside(t)
  renameSync(join(hugeDirectory(t, ['new']).top, 'new'), join(top, 'a'))
  kernel.extra.set('/proc/locks', `1: FLOCK  ADVISORY  WRITE 7 ${device}:${ino} 0 EOF\n`)
  const { stdout } = await run('files --clean --yes --json')
  const { restored } = parseExact(stdout) as Record<string, unknown>
  t.strictSame(restored, [{ path: `${top}/${aside}`, to: `${top}/a`, done: false }])
  t.ok(existsSync(join(top, aside)))
})

t.test('and where a program has locked the directory', async (t) => {
  const { top, run, aside, ino, kernel, device } = leftAside(t)
  kernel.extra.set('/proc/locks', `1: FLOCK  ADVISORY  WRITE 7 ${device}:${ino} 0 EOF\n`)
  const flock = (descriptor: number) => {
    if (fstatSync(descriptor).isDirectory()) throw systemError('EAGAIN', 'flock')
  }
  const { stderr } = await run('files --clean --yes', { native: { flock } })
  t.match(stderr, `it cannot be ${top}/a again`)
  t.strictSame(names(top), [aside])
})

t.test('a dry run prints the renames of what was set aside', async (t) => {
  const { top, run, aside, ino, kernel, device } = leftAside(t)
  t.strictSame(await run(`${clean} --dry-run --keep a`), {
    status: 0,
    stdout: `mv -nT -- ${top}/${aside} ${top}/a\n`,
    stderr: `hugepool: note: ${top}/${aside} stays: --keep names it\n`,
  })
  kernel.extra.set('/proc/locks', `1: FLOCK  ADVISORY  WRITE 7 ${device}:${ino} 0 EOF\n`)
  const { stdout } = await run(`${clean} --dry-run`)
  t.equal(stdout, `mv -nT -- ${top}/${aside} ${top}/a\n`)
  t.strictSame(names(top), [aside])
})

t.test('what --keep names gets the name back that it had', async (t) => {
  const { top, run, aside } = leftAside(t)
  const { status, stderr } = await run(`${clean} --yes --keep a`)
  t.equal(status, 0)
  t.match(stderr, `${top}/${aside} was set aside and it stays: it is ${top}/a again\n`)
  t.strictSame(names(top), ['a'])
})

t.test('a file that a killed cp left goes as any other', async (t) => {
  const line = `${clean} --yes --keep kept* -rno PROGRAM,REMOVED,PATH`
  const found = await outcome(t, ['.hugepool-a3f00c12be94', 'kept', 'kept2'], line)
  t.strictSame(found.stdout, [
    'hugepool\\040(left\\040by\\040cp) yes /mnt/.hugepool-a3f00c12be94',
    '- no /mnt/kept',
    '- no /mnt/kept2',
  ])
  t.strictSame(found.there, ['kept', 'kept2'])
})

const isRoot = process.getuid?.() === 0

t.test('a signal while another hugepool has the lock', { skip: !isRoot }, async (t) => {
  const { top, run } = hugeDirectory(t, ['a'])
  let looks = 0
  const watchSignals = () => ({
    pending: () => {
      looks += 1
      return looks > 3 ? ('SIGINT' as const) : undefined
    },
    end: () => {},
  })
  const flock = () => {
    throw systemError('EAGAIN', 'flock')
  }
  const { status, stderr } = await run(`${clean} --yes`, { native: { flock }, watchSignals })
  t.equal(status, 'SIGINT')
  t.match(stderr, 'while waiting for another hugepool, which holds the lock')
  t.match(stderr, 'nothing was changed')
  t.strictSame(names(top), ['a'])
})

t.test('where a program has locked the directory its files stay', async (t) => {
  const flock = (descriptor: number) => {
    if (fstatSync(descriptor).isDirectory()) throw systemError('EAGAIN', 'flock')
  }
  const found = await outcome(t, ['a'], `${clean} --yes -rno PATH`, { native: { flock } })
  t.hasStrict(found, {
    status: 64,
    stderr: [
      'hugepool: /mnt/a: not removed: a program that makes files there, such as DPDK, has locked the directory',
    ],
    there: ['a'],
  })
})

t.test(
  'without leases all processes are looked at once more, and no segment is attached',
  async (t) => {
    const { top, kernel, run } = hugeDirectory(t, ['a'])
    kernel.extra.set('/proc/sysvipc/shm', segmentTable([{ id: 4, pages: 3n, isPlain: false }]))
    const attached: number[] = []
    const native = {
      setLease: () => {
        throw systemError('EINVAL', 'fcntl')
      },
      atSegment: (_: string, id: number) => {
        attached.push(id)
      },
    }
    t.strictSame(await run(`${clean} --yes -rno STATE,REMOVED,PATH`, { native }), {
      status: 0,
      stdout: `left yes ${top}/a\n`,
      stderr: 'hugepool: note: removed 1 file: 0 pages came back\n',
    })
    t.strictSame(names(top), [])
    t.strictSame(attached, [])
  },
)
