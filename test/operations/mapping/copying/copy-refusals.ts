import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { copyStage, stagePage } from '../../../helpers/copy-stage.ts'
import { fakeClock } from '../../../helpers/fake-clock.ts'
import { cellsOf, global2M, lines } from '../../../helpers/on-fake.ts'

type Stage = ReturnType<typeof copyStage>

/** A stage with a file of three pages to copy. */
const stageWithFile = (t: Test): Stage => {
  const stage = copyStage(t)
  writeFileSync(join(stage.plain, 'a'), Buffer.alloc(3 * stagePage, 1))
  return stage
}

/** What a line is refused with. Neither directory has more in it than before. */
const refusal = async (t: Test, stage: Stage, line: string) => {
  const before = stage.names()
  const { status, stdout, stderr } = await stage.run(line)
  t.equal(stdout, '', line)
  t.strictSame(stage.names(), before, `${line} leaves nothing`)
  return { status, stderr }
}

const help = "try 'hugepool cp --help'"

t.test('what is no file, or has none beside it', async (t) => {
  const stage = stageWithFile(t)
  mkdirSync(join(stage.huge, 'directory'))
  mkdirSync(join(stage.huge, 'directory/a'))
  symlinkSync('nowhere', join(stage.plain, 'broken'))
  symlinkSync('circle', join(stage.plain, 'circle'))
  spawnSync('mkfifo', [join(stage.plain, 'fifo')])
  const cases: Readonly<Record<string, readonly [number, ...string[]]>> = {
    'plain plain/b': [
      2,
      'hugepool: /plain: is a directory',
      'hint: cp copies one file at a time',
      help,
    ],
    'plain/a plain/b': [
      2,
      'hugepool: neither /plain/a nor /plain/b is on hugetlbfs',
      "hint: 'cp' copies on other file systems",
      help,
    ],
    'plain/fifo huge': [
      2,
      'hugepool: /plain/fifo: is no regular file',
      "hint: 'hugepool cp - TARGET < /plain/fifo' copies what comes from it",
      help,
    ],
    'plain/none huge': [2, 'hugepool: /plain/none: no such file', help],
    'plain/a/b huge': [
      2,
      'hugepool: /plain/a/b: its path leads through what is not a directory',
      help,
    ],
    'plain/circle huge': [2, 'hugepool: /plain/circle: symbolic links that lead in a circle', help],
    'plain/a huge/none/b': [2, 'hugepool: /huge/none/b: there is no such directory', help],
    'plain/a huge/none/': [2, 'hugepool: /huge/none/: is not a directory', help],
    'plain/a plain/fifo/': [2, 'hugepool: /plain/fifo/: is not a directory', help],
    'plain/a huge/directory': [1, 'hugepool: /huge/directory/a: is a directory'],
    'plain/a plain/broken': [1, 'hugepool: /plain/broken: a symbolic link that leads nowhere'],
    'plain/a plain/fifo --force': [1, 'hugepool: /plain/fifo: is no regular file'],
    'plain/a plain/a --force': [2, 'hugepool: /plain/a: is the file that is to be copied', help],
    [`plain/a huge/${'n'.repeat(256)}`]: [
      2,
      `hugepool: /huge/${'n'.repeat(256)}: file name too long`,
      help,
    ],
    '/proc/version huge': [
      2,
      'hugepool: /proc/version: does not say how long it is',
      "hint: 'hugepool cp - TARGET < /proc/version' copies what comes from it",
      help,
    ],
    '- huge': [
      2,
      'hugepool: /huge: is a directory',
      'hint: standard input has no name: give one',
      help,
    ],
    'plain/a huge --node 7': [
      4,
      'hugepool: there is no node 7 here',
      'hint: this machine has nodes 0-1',
    ],
  }
  for (const [words, [status, ...said]] of Object.entries(cases))
    t.strictSame(await refusal(t, stage, `cp ${words}`), { status, stderr: lines(...said) }, words)
  stage.makeHuge('h', [undefined])
  t.match(await refusal(t, stage, 'cp huge/h plain/x --node 0'), {
    status: 2,
    stderr: /--node places pages, and the target is not on hugetlbfs/,
  })
})

t.test('words that a stream cannot heed', async (t) => {
  const stage = stageWithFile(t)
  for (const [words, said] of [
    ['- -', 'one of FILE and TARGET has to be a file on hugetlbfs'],
    ['- huge/x --preserve', '--preserve is about a file, and - is standard input'],
    ['plain/a - --preserve', '--preserve is about a file, and - is standard output'],
    ['plain/a - --force', '--force is about a file, and - is standard output'],
    ['plain/a - --verify', '--verify is about a file, and - is standard output'],
    ['plain/a - --node 0', '--node is about a file, and - is standard output'],
    ['plain/a -', 'neither /plain/a nor standard output is on hugetlbfs'],
    ['- plain/x', 'neither standard input nor /plain/x is on hugetlbfs'],
  ] as const)
    t.equal((await refusal(t, stage, `cp ${words}`)).stderr.split('\n')[0], `hugepool: ${said}`)
  const json = await stage.run('cp plain/a - --json')
  t.match(json, { status: 2, stderr: /--json and - exclude each other/ })
})

t.test('too little room is told before anything is made', async (t) => {
  const stage = stageWithFile(t)
  stage.kernel.map(2n ** 21n, 8n)
  t.strictSame(await refusal(t, stage, 'cp plain/a huge'), {
    status: 1,
    stderr: lines(
      'hugepool: /huge/a: needs 3 pages of 2M: 2 available: 1 missing, and overcommit allows none',
      "hint: 'hugepool resize 2M=+1' makes room",
      "hint: 'hugepool overcommit 2M=1' lets the kernel make what is missing",
      'hint: 2M: the files on /huge could not be looked at',
    ),
  })
  t.match(await refusal(t, stage, 'cp plain/a huge --dry-run'), { status: 1 })
  stage.kernel.write(`${global2M}/nr_overcommit_hugepages`, '1')
  t.match(await stage.run('cp plain/a huge --dry-run'), { status: 0 }, 'overcommit makes one')
})

t.test('the pages of a node, and the limit of the mount', async (t) => {
  const stage = stageWithFile(t)
  writeFileSync(join(stage.plain, 'b'), Buffer.alloc(5 * stagePage, 1))
  t.match(await refusal(t, stage, 'cp plain/b huge --node 1'), {
    status: 1,
    stderr: /\/huge\/b: needs 5 pages of 2M: 4 free on node 1/,
  })
  stage.turns.freeOnMount = BigInt(2 * stagePage)
  t.match(await refusal(t, stage, 'cp plain/a huge'), {
    status: 1,
    stderr: /the mount \/huge is full: its size limit leaves 2 pages/,
  })
})

t.test('what the kernel refuses although it seemed to be there', async (t) => {
  const stage = stageWithFile(t)
  stage.turns.failing = { page: 1, errno: 'EFAULT' }
  t.match(await refusal(t, stage, 'cp plain/a huge'), {
    status: 1,
    stderr: /hugepool: \/huge\/a: page 1: SIGBUS: /,
  })
  stage.turns.failing = { page: 2, errno: 'EHWPOISON' }
  t.match(await refusal(t, stage, 'cp plain/a huge'), {
    stderr: /page 2: EHWPOISON: the memory of/,
  })
  stage.turns.failing = undefined
  stage.turns.storing = 'EFAULT'
  t.match(await refusal(t, stage, 'cp plain/a huge'), { stderr: /page 0: SIGBUS: / })
  stage.turns.storing = undefined
  stage.turns.mapping = 'ENODEV'
  t.match(await refusal(t, stage, 'cp plain/a huge'), { status: 1, stderr: /mmap: / })
})

t.test('pages that are missed only while holes are found', async (t) => {
  const stage = stageWithFile(t)
  stage.makeHuge('sparse', [undefined, ...Array(3).fill(Buffer.alloc(1, 1))])
  stage.kernel.map(2n ** 21n, 5n)
  const { status, stderr } = await refusal(t, stage, 'cp huge/sparse huge/copy')
  t.equal(status, 1)
  t.match(stderr, '/huge/copy: needs 1 page of 2M now (ENOMEM): 0 available: 1 missing')
})

t.test('a source that changes while it is copied', async (t) => {
  const stage = stageWithFile(t)
  const file = join(stage.plain, 'a')
  const changes: Readonly<Record<string, () => void>> = {
    'became shorter': () => truncateSync(file, stagePage),
    grew: () => appendFileSync(file, 'more'),
    'was written to': () => utimesSync(file, 1, 1),
  }
  for (const [how, change] of Object.entries(changes)) {
    stage.turns.onStore = change
    t.strictSame(await refusal(t, stage, 'cp plain/a huge'), {
      status: 1,
      stderr: lines(
        `hugepool: /plain/a: ${how} while it was copied; nothing was left behind`,
        'hint: copy it when nobody writes to it',
      ),
    })
  }
})

t.test('it ends within a block where the source does', async (t) => {
  const stage = copyStage(t)
  const file = join(stage.plain, 'a')
  writeFileSync(file, Buffer.alloc(5 * stagePage, 1))
  stage.turns.onStore = () => truncateSync(file, 4 * stagePage)
  t.match(await refusal(t, stage, 'cp plain/a huge'), { stderr: /became shorter/ })
})

t.test('a name that somebody else takes meanwhile', async (t) => {
  const stage = stageWithFile(t)
  const taken = join(stage.huge, 'a')
  stage.turns.onStore = () => {
    if (!existsSync(taken)) writeFileSync(taken, 'theirs')
  }
  t.strictSame(await stage.run('cp plain/a huge'), {
    status: 1,
    stdout: '',
    stderr: lines(
      'hugepool: /huge/a: somebody else made it meanwhile; nothing was left behind',
      'hint: --force replaces it',
    ),
  })
  t.equal(readFileSync(taken, 'utf8'), 'theirs')
  t.strictSame(stage.names().huge, ['a'])
})

t.test('what is found when the copy is read back', async (t) => {
  const stage = stageWithFile(t)
  const file = join(stage.plain, 'a')
  stage.turns.onStore = () => {
    stage.turns.onStore = undefined
    const data = Buffer.alloc(3 * stagePage, 1)
    data[stagePage + 5] = 2
    writeFileSync(file, data)
    utimesSync(file, 1, 1)
  }
  utimesSync(file, 1, 1)
  t.match(await refusal(t, stage, 'cp plain/a huge --verify'), {
    status: 1,
    stderr: /\/huge\/a: differs from the source at byte 2097157; nothing was left behind/,
  })
})

t.test('a signal ends a copy, and nothing is left', async (t) => {
  const stage = stageWithFile(t)
  writeFileSync(join(stage.plain, 'a'), Buffer.alloc(9 * stagePage, 1))
  let stores = 0
  stage.turns.onStore = () => {
    stores += 1
  }
  const before = stage.names()
  const watchSignals = () => ({
    pending: () => (stores > 1 ? ('SIGINT' as const) : undefined),
    end: () => {},
  })
  t.strictSame(await stage.run('cp plain/a huge', { watchSignals }), {
    status: 'SIGINT',
    stdout: '',
    stderr: lines('hugepool: stopped by SIGINT while copying; nothing was left behind'),
  })
  t.strictSame(stage.names(), before)
})

t.test('progress is told in pages, after a second', async (t) => {
  const stage = stageWithFile(t)
  writeFileSync(join(stage.plain, 'a'), Buffer.alloc(9 * stagePage, 1))
  let now = 0
  const clock = { ...fakeClock(), clock: () => (now += 400) }
  const { stderr } = await stage.run('cp plain/a huge', { clock, terminal: true })
  t.match(stderr, /2M: copied: \d of 9 pages/)
  t.match(await stage.run('cp plain/a huge/b --no-progress', { clock, terminal: true }), {
    stderr: /^(?!.*copied)/s,
  })
})

t.test('an older kernel has no MADV_POPULATE_WRITE', async (t) => {
  const stage = stageWithFile(t)
  stage.turns.populates = false
  t.match(await stage.run('cp plain/a huge'), { status: 0 })
  t.strictSame(cellsOf(stage.kernel, global2M), [10, 7, 0, 0])
})
