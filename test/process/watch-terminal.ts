import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installed, node, spawnLine, temporary, treeCopy, treePath } from '../helpers/run.ts'
import { openTmux, type TmuxShell } from '../helpers/tmux.ts'

t.setTimeout(300_000)

const program = installed()
const sysroot = `--sysroot ${treePath('two-nodes')}`
const watch = `${node} ${program} watch ${sysroot} --color never`

/** The lines of the screen, with the same time of day in each. */
const timeless = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/\d\d:\d\d:\d\d/, 'hh:mm:ss'))

const expected: Readonly<Record<string, readonly string[]>> = {
  '80x24': [
    `hugepool watch  hh:mm:ss  every 2s  by size${'? help'.padStart(37)}`,
    'SIZE  NODE  TOTAL  GROWTH  AVAILABLE  IN-USE  CHANGE  RATE  SO-FAR  USE',
    '2M     all    100       -         82      10       -     -       -  [█▒░░░░░▄]',
    '2M       0     64       -          -       4       -     -       -  [█────]',
    '2M       1     36       -          -       6       -     -       -  [█──▄]',
    '1G     all      1       -          1       0       -     -       -  [░░░░░░░░]',
    '1G       0      0       -          -       0       -     -       -  []',
    '1G       1      1       -          -       0       -     -       -  [░░░░░░░░]',
  ],
  '120x40': [
    `hugepool watch  hh:mm:ss  every 2s  by size${'? help'.padStart(77)}`,
    'SIZE  NODE  TOTAL  GROWTH  RESERVED  AVAILABLE  IN-USE  SURPLUS  CHANGE  RATE  SO-FAR  AVERAGE  USE',
    '2M     all    100       -         8         82      10        4       -     -       -        -  [██▒▒░░░░░░░░░░░░░░░▄]',
    '2M       0     64       -         -          -       4        0       -     -       -        -  [█────────────]',
    '2M       1     36       -         -          -       6        4       -     -       -        -  [█─────▄]',
    '1G     all      1       -         0          1       0        0       -     -       -        -  [░░░░░░░░░░░░░░░░░░░░]',
    '1G       0      0       -         -          -       0        0       -     -       -        -  []',
    '1G       1      1       -         -          -       0        0       -     -       -        -  [░░░░░░░░░░░░░░░░░░░░]',
  ],
  '40x12': [
    'hh:mm:ss  every 2s  by size       ? help',
    'SIZE  NODE  AVAILABLE  IN-USE  CHANGE',
    '2M     all         82      10       -',
    '2M       0          -       4       -',
    '2M       1          -       6       -',
    '1G     all          1       0       -',
    '1G       0          -       0       -',
    '1G       1          -       0       -',
  ],
}

for (const [size, lines] of Object.entries(expected))
  t.test(`the screen has ${size} characters`, async (t) => {
    const [columns = 0, rows = 0] = size.split('x').map(Number)
    const shell = await openTmux(t, columns, rows)
    shell.line(`clear; ${watch} -N`)
    t.strictSame(timeless(await shell.until(/^1G +1 .*/m)), lines)
    t.equal(shell.flags(), '1 0 0')
    shell.keys('q')
    await shell.until(/ready>$/)
  })

t.test('the screen follows its window, and keys what they say', async (t) => {
  const shell = await openTmux(t, 80, 24)
  shell.line(`${watch} --interval 1h`)
  t.strictSame(
    (await shell.until(/^1G/m)).slice(1).map((line) => line.split(/ +/, 2).join(' ')),
    ['SIZE TOTAL', '2M 100', '1G 1'],
  )
  shell.keys('n')
  await shell.until(/^1G +1 /m)
  shell.keys('s', '-')
  await shell.until(/every 5m .*by in-use/)
  shell.keys('p')
  await shell.until(/paused/)
  shell.keys('?')
  t.strictSame((await shell.until(/show or hide this help/)).slice(2, 4), [
    'q       quit',
    'space p pause, or go on',
  ])
  shell.keys('Escape')
  await shell.until(/^SIZE/m)
  shell.keys('Down')
  await shell.until(/^SIZE.*\n2M +0 /m)
  shell.keys('Home')
  await shell.until(/^SIZE.*\n2M +all /m)
  shell.resize(40, 12)
  await shell.until(/^SIZE {2}NODE {2}AVAILABLE {2}IN-USE {2}CHANGE$/m)
  shell.resize(100, 30)
  await shell.until(/ SO-FAR /)
  shell.keys('Space')
  await shell.until(/^(?!.*paused).*by in-use/)
  shell.keys('+')
  await shell.until(/every 1h .*by in-use/)
  shell.keys('w')
  await shell.until(/by pages.*\n(?:.*\n)*PID .* NAME\n {2}- .* unexplained +2M +10 /)
  shell.keys('Down', 'Down', 'Down')
  await shell.until(/^1G +all .*\n(?:1G.*\n)*PID /m)
  shell.keys('Up')
  await shell.until(/^SIZE.*\n2M +1 .*\n1G +all /m)
  shell.keys('End')
  await shell.until(/^hugepool watch.*\nPID .*\n(?!.*unexplained).*mount +[12][MG] .*$/m)
  shell.keys('Up', 'Up', 'Up', 'Up')
  await shell.until(/^SIZE.*\n1G +0 .*\n1G +1 .*\nPID /m)
  shell.keys('w')
  await shell.until(/by in-use.*\nSIZE.*\n2M +all (?:.*\n)*(?!PID)/)
  t.notOk(
    shell.lines().some((line) => line.startsWith('PID')),
    'no holders any more',
  )
  shell.keys('q')
  await shell.until(/ready>$/)
})

/** A recorded machine whose pool of 2M pages can be changed while it is looked at. */
const changing = (t: Parameters<typeof openTmux>[0]) => {
  const directory = treeCopy(t, 'two-nodes')
  const set = (attribute: string, all: number, ofNode: number): void => {
    const name = `hugepages-2048kB/${attribute}_hugepages`
    writeFileSync(join(directory, 'sys/devices/system/node/node0/hugepages', name), `${ofNode}\n`)
    writeFileSync(join(directory, 'sys/kernel/mm/hugepages', name), `${all}\n`)
  }
  return { set, line: watch.replace(treePath('two-nodes'), directory) }
}

t.test('what changes is told while it is shown, and holders with it', async (t) => {
  const { set, line } = changing(t)
  const shell = await openTmux(t, 80, 24)
  shell.line(`${line} -N --who --interval 200ms`)
  await shell.until(/^PID .* NAME\n.* unexplained +2M +10 /m)
  await shell.until(/^2M +all +100 +0 +82 +10 +0 +0 +0 +\[/m)
  set('free', 50, 20)
  await shell.until(/^EVENTS\n\d\d:\d\d:\d\d 2M node 0: 40 pages faulted in$/m)
  await shell.until(/^2M +all +100 +0 +42 +50 +0 +0 +\+40 +\[███▒░░░▄\]/m)
  await shell.until(/^2M +0 +64 +0 +- +44 +0 +0 +\+40 +\[█{3,4}─/m)
  await shell.until(/^PID .*\n.* unexplained +2M +50 /m)
  shell.keys('p')
  await shell.until(/paused/)
  set('nr', 290, 254)
  set('free', 240, 210)
  shell.keys('p')
  await shell.until(/^(?:.*\n)*.* 2M node 0: 190 pages added$/m)
  await shell.until(/^2M +all +290 +\+190 +232 +50 +0 +0 +\+40 +\[█+▒░+▄\]/m)
  shell.keys('q')
  await shell.until(/ready>$/)
})

t.test('a rate stands in the lines of the look that saw it', async (t) => {
  const { set, line } = changing(t)
  const shell = await openTmux(t, 80, 24)
  shell.line(`${line} --interval 2`)
  await shell.until(/^2M +100 +0 +82 +10 +0 +0 +0 /m)
  set('free', 50, 20)
  await shell.until(/^2M +100 +0 +42 +50 +\+40 +\+(?:20|19\.\d+|2\d|19) +\+40 +\[/m)
  shell.keys('q')
  await shell.until(/ready>$/)
})

t.test('in a locale without UTF-8 the screen is ASCII', async (t) => {
  const shell = await openTmux(t, 80, 24, { LC_ALL: 'C' })
  shell.line(`clear; ${watch} -N`)
  const lines = await shell.until(/^1G +1 .*/m)
  t.strictSame(
    lines.slice(2).map((line) => line.replace(/.* /, '')),
    ['[#=.....+]', '[#----]', '[#--+]', '[........]', '[]', '[........]'],
  )
  shell.keys('q')
  await shell.until(/ready>$/)
})

/** Runs a line in a new shell, ends it, and compares the terminal with that before. */
const ended = async (
  t: Parameters<typeof openTmux>[0],
  line: string,
  end: (shell: TmuxShell) => Promise<void> | void,
) => {
  const shell = await openTmux(t, 200, 24)
  const modes = 'modes $(stty -g)'
  shell.line(`echo "before ${modes}"`)
  const [before = ''] = (await shell.until(/^before modes/m)).filter((text) => /^before/.test(text))
  shell.line(line)
  await shell.until(/^hugepool watch .*\n(?:.*\n)*1G/m)
  await end(shell)
  await shell.until(/ready>$/)
  shell.line(`echo "status $? ${modes}"`)
  const lines = await shell.until(/^status \d+ modes/m)
  const [after = ''] = lines.filter((text) => /^status/.test(text))
  t.equal(after.replace(/.*modes/, ''), before.replace(/.*modes/, ''), 'the modes of the terminal')
  t.equal(shell.flags(), '0 1 1', 'the screen, its cursor and its lines')
  t.ok(lines.includes(before), 'what stood there before stands there again')
  return { status: after.replace(/ modes.*/, ''), lines }
}

t.test('the terminal is as it was after every ending', async (t) => {
  for (const [name, status, end] of [
    ['q', 'status 0', (shell: TmuxShell) => shell.keys('q')],
    ['Ctrl-C', 'status 130', (shell: TmuxShell) => shell.keys('C-c')],
    ['SIGINT', 'status 130', ({ child }: TmuxShell) => process.kill(child(), 'SIGINT')],
    ['SIGTERM', 'status 143', ({ child }: TmuxShell) => process.kill(child(), 'SIGTERM')],
    ['SIGHUP', 'status 129', ({ child }: TmuxShell) => process.kill(child(), 'SIGHUP')],
    ['SIGQUIT', 'status 131', ({ child }: TmuxShell) => process.kill(child(), 'SIGQUIT')],
  ] as const)
    await t.test(name, async (t) => {
      const line = `ulimit -c 0; ${watch}`
      t.equal((await ended(t, line, (shell) => void end(shell))).status, status)
    })
})

t.test('so it is after a fault of the program, whose words are seen', async (t) => {
  const crash = join(temporary(t), 'crash.cjs')
  writeFileSync(crash, "process.on('SIGUSR2', () => { throw new Error('a crash') })\n")
  const line = watch.replace(node, `${node} --require ${crash}`)
  const { status, lines } = await ended(t, line, ({ child }) => {
    process.kill(child(), 'SIGUSR2')
  })
  t.equal(status, 'status 1')
  t.ok(
    lines.some((text) => text.startsWith('Error: a crash')),
    'the words of the fault',
  )
})

t.test('so it is while Ctrl-Z has stopped it; fg brings its screen back', async (t) => {
  const { status } = await ended(t, watch, async (shell) => {
    for (const stop of [
      () => shell.keys('C-z'),
      () => process.kill(shell.child(), 'SIGTSTP'),
      () => process.kill(shell.child(), 'SIGSTOP'),
    ]) {
      stop()
      await shell.until(/Stopped/)
      if (stop.toString().includes('SIGSTOP')) {
        shell.line('clear')
        await shell.until(/^ready>$/)
      } else t.equal(shell.flags(), '0 1 1')
      shell.line('fg')
      await shell.until(/^hugepool watch .*\n(?:.*\n)*1G/m)
      t.equal(shell.flags(), '1 0 0')
      shell.keys('p')
      await shell.until(/paused/)
      shell.keys('p')
      await shell.until(/^hugepool watch(?!.*paused)/m)
    }
    shell.keys('q')
  })
  t.equal(status, 'status 0')
})

t.test('a dumb terminal and a pipe get a plain table for each look', async (t) => {
  const table = [
    'SIZE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  CHANGE',
    '2M      100    90         8         82      10        4       -',
    '1G        1     1         0          1       0        0       -',
  ]
  const changed = table.map((line) => line.replace(/-$/, '0'))
  const words = `${sysroot} --interval 100ms --until 2M.total>200 --count 3`.split(' ')
  t.strictSame(
    { ...pick(spawnLine('"$@"', program, ['watch', ...words])) },
    {
      status: 5,
      stdout: [...table, '', ...changed, '', ...changed, ''].join('\n'),
      stderr: "hugepool: '2M.total>200' did not come true\n",
    },
  )
  const shell = await openTmux(t, 80, 24)
  shell.line(`clear; TERM=dumb ${watch} --interval 100ms --until '2M.total>200' --timeout 150ms`)
  const lines = await shell.until(/did not come true/)
  // On a busy machine the time can be up before the second interval is.
  const tables = lines.filter((line) => line.startsWith('SIZE')).length
  t.ok(tables === 2 || tables === 3, `${tables} tables`)
})

const pick = ({ status, stdout, stderr }: ReturnType<typeof spawnLine>) => ({
  status,
  stdout,
  stderr,
})

t.test('a pipe that is closed ends it', async (t) => {
  const line = '{ "$@"; echo "status $?" >&2; } | head -n 1'
  const words = ['watch', ...sysroot.split(' '), '--interval', '100ms']
  t.strictSame(pick(spawnLine(line, program, words)).stderr, 'status 0\n')
})

t.test('a signal ends it although nobody reads what it prints', async (t) => {
  const full = 'timeout 1 cat /dev/zero'
  const line = `{ ${full}; timeout --preserve-status 2 "$@"; echo "status $?" >&2; } | sleep 10`
  const words = ['watch', ...sysroot.split(' '), '--interval', '100ms']
  t.strictSame(pick(spawnLine(line, program, words)).stderr, 'status 143\n')
})

t.test('a terminal that is gone ends it, as a hangup does', async (t) => {
  const said = join(temporary(t), 'said')
  const shell = await openTmux(t, 80, 24)
  // Who is in another session is not told by a signal.
  shell.line(`setsid sh -c '${watch} 2> ${said}; echo "status $?" >> ${said}'`)
  await shell.until(/^1G/m)
  shell.close()
  const deadline = Date.now() + 10_000
  while (!/status/.test(readFileSync(said, 'utf8')) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50))
  // The shell tells of the signal, too.
  t.match(readFileSync(said, 'utf8'), /^(?:Hangup\n)?status 129\n$/)
})
