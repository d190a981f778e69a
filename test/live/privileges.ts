import { existsSync, readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { filesSchema } from '../../src/output/schemas/files-schema.ts'
import { findingsSchema } from '../../src/output/schemas/findings-schema.ts'
import { watchSchema } from '../../src/output/schemas/watch-schema.ts'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { privileges, type Way } from '../helpers/privileges.ts'
import { liveOn, snapshot } from './support/live.ts'
import { hugetlbfsLines, setPool, sizeName, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { readableCopy } from './support/nobody.ts'
import { type Result, run, start, until } from './support/program.ts'
import { configured, settings, type Trial, trials } from './support/trials.ts'
import { settled } from './support/wait.ts'
import { animal, fileFor } from './support/zoo.ts'

const live = liveOn('pools that can be set', 'processes: privilege')
const splitting = liveOn('room for 1G on each node', 'demote (Linux 5.16)', 'one node with memory')
const withPrograms = liveOn('programs of a distribution')
/** Those that need more of a machine, or other things. */
const onOthers: Readonly<Record<string, typeof live>> = {
  'Cm demote': splitting,
  'Cm files Fl -clean': liveOn('leases of huge files (before Linux 7.0)', 'processes: privilege'),
  'Cm files Fl -clean No without leases': liveOn(
    'no leases of huge files (Linux 7.0)',
    'processes: mounts',
  ),
  'Cm boot Fl -install No of a file that the firmware reads': withPrograms,
  'Cm boot Fl -install No by programs': withPrograms,
  'Cm metrics Fl -listen No on a port below 1024': withPrograms,
  'Cm service install': withPrograms,
  'Cm service install No , told to a systemd that runs': withPrograms,
  'Cm test Fl -cgroup': withPrograms,
}

const size = sizeName(smallest)
const nobody = 65534

/** The words of setpriv(1) for a user who has these capabilities and can get no others. */
const exactly = (user: number, names: readonly string[]): readonly string[] => {
  const set = ['-all', ...names.map((name) => `+${name.replace('CAP_', '').toLowerCase()}`)].join()
  if (user === 0) return ['setpriv', `--inh-caps=-all`, `--bounding-set=${set}`]
  const ids = ['--reuid', `${user}`, '--regid', `${user}`, '--clear-groups']
  return ['setpriv', ...ids, `--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`]
}

const difference = (before: readonly string[], after: readonly string[]): readonly string[] => [
  ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
  ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
]

/** Ends what serves, once it does. */
const answered = async (
  line: readonly string[],
  cwd: string,
  { serves }: Trial,
): Promise<Result> => {
  const { child, errNow, result } = start(line, cwd)
  if (serves !== undefined) {
    await until('an end, or the beginning', () => child.exitCode !== null || serves.test(errNow()))
    child.kill('SIGTERM')
  }
  return result
}

/** Everything that the ways of commands change here, a line each. */
const looker = (seen: () => readonly string[]) => () => [
  ...Object.entries(snapshot()).map((file) => file.join(' ')),
  ...hugetlbfsLines(),
  ...settings.filter(existsSync).map((path) => readFileSync(path, 'utf8')),
  ...seen(),
]

/** What came of a command, whether it did what it was to do, and what it changed. */
const attempt = async (copy: string, trial: Trial, user: number, names: readonly string[]) => {
  const words = await trial.words()
  const { under = trial.under ?? [], seen = () => [] } = trial.stage?.(words) ?? {}
  const look = looker(seen)
  const before = look()
  const line = [process.execPath, `${copy}/bin/hugepool.js`, ...words]
  const result = await answered([...under, ...exactly(user, names), ...line], copy, trial)
  const done = result.status === 0 && (trial.did?.(result, seen()) ?? true)
  const isTold = done || (trial.refusal !== undefined && result.status === 64)
  const changed = isTold ? [] : difference(before, await settled(look, before))
  return { ...result, done, changed }
}

/** With the capabilities it works; without any one of them it changes nothing and names that one. */
const prove = async (t: Test, trial: Trial, user: number, names: readonly string[]) => {
  const copy = readableCopy()
  const { done, err } = await attempt(copy, trial, user, names)
  t.ok(done, `user ${user} with ${names.join() || 'none'}: ${err}`)
  for (const name of names) {
    const rest = names.filter((other) => other !== name)
    const without = await attempt(copy, trial, user, rest)
    t.notOk(without.done, `user ${user} without ${name}`)
    t.strictSame(without.changed, [], `user ${user} without ${name} changes nothing`)
    // Who has no capability at all is told of root alone.
    const isTold = user !== 0 && rest.length === 0 && without.err.includes('run it as root')
    if (without.status === 3) t.ok(isTold || without.err.includes(name), without.err)
    else {
      t.match(without.err, trial.lacking ?? 'no error is told with another status')
      t.match(without.err, name)
    }
  }
}

/** Where the kernel, or a program, asks for user 0, all that another user can be given is in vain. */
const proveRoot = async (t: Test, trial: Trial) => {
  const names = ['CAP_DAC_OVERRIDE', 'CAP_CHOWN', 'CAP_SYS_ADMIN']
  const { done, status, err, changed } = await attempt(readableCopy(), trial, nobody, names)
  const { refusal, lacking } = trial
  t.notOk(done)
  if (refusal === undefined && lacking === undefined) t.strictSame(changed, [])
  t.equal(status, refusal === undefined ? (lacking === undefined ? 3 : 0) : 64)
  t.match(err, refusal ?? lacking ?? /denied\nhint: run it as root\n$/)
}

const proveWay = (way: string, root: Way['root'], other: Way['other']) => async (t: Test) => {
  const trial = trials[way]
  if (trial === undefined) throw new Error(`${way} is not tried`)
  // What the programs need is theirs: the stand-ins need nothing.
  await prove(t, trial, 0, root === 'all' ? [] : root)
  if (other === 'root') await proveRoot(t, trial)
  else if (other !== undefined) await prove(t, trial, nobody, other)
}

for (const { way, root, other } of Object.values(privileges).flatMap(({ ways }) => ways)) {
  const on = onOthers[way] ?? live
  on(`${way.replaceAll(/\b(?:Cm|Fl|Pa|No) /g, '')}: the least it needs`, proveWay(way, root, other))
}

const reading: readonly (readonly string[])[] = [
  ['list'],
  ['mounts'],
  ['test', '--help'],
  ['who'],
  ['watch', '--count', '1'],
  ['files'],
  ['doctor'],
  ['boot'],
  ['tune'],
  ['export'],
  ['metrics'],
  ['metrics', '--holders', '--cgroups'],
  ['schema', 'list'],
  ['completion', 'bash'],
]

const checkReading = async (t: Test, all: readonly (readonly string[])[]): Promise<void> => {
  const copy = readableCopy()
  for (const words of all)
    for (const user of [0, nobody]) {
      const { status, err } = await attempt(copy, { words: () => words }, user, [])
      t.ok(status === 0 || status === 5, `${words.join(' ')}: ${err}`)
    }
}

live('what only reads works as nobody, and as root without any capability', async (t) => {
  const [, ...config] = configured(`[pools.${size}]`, 'pages = 0')
  await checkReading(t, [...reading, ['check', ...config]])
})

withPrograms('what reads with programs of the system works as nobody too', (t) =>
  checkReading(t, [['service'], ['man', 'list']]),
)

interface Look {
  readonly words: readonly string[]
  /** What of its output depends on who looks, a line each. */
  readonly seen: (out: string) => readonly string[]
  /** Of the capabilities it names, those whose lack it shows here, where it is not all of them. */
  readonly shows?: (one: string) => boolean
}

/** Tells whether a segment shows more than its size, which those of huge pages alone do on some kernels. */
const showsTooMuch = (): boolean => {
  const [head = '', ...lines] = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n')
  const names = head.trim().split(/ +/)
  return lines.some((line) => {
    const values = line.trim().split(/ +/)
    return Number(values[names.indexOf('rss')]) > Number(values[names.indexOf('size')])
  })
}

type Rows = readonly { readonly holds: string; readonly pages?: bigint | undefined }[]

const holderLines = (rows: Rows = []): readonly string[] =>
  rows.map(({ holds, pages }) => `${holds} ${pages}`).sort()

const looks: Readonly<Record<string, Look>> = {
  who: {
    words: ['who', size, '--json'],
    seen: (out) => {
      const { pools, holders } = whoSchema.parse(parseExact(out))
      return [`explained ${pools[0]?.explained}`, ...holderLines(holders)]
    },
  },
  watch: {
    words: ['watch', size, '--who', '--count', '1', '--json'],
    seen: (out) => holderLines(watchSchema.parse(parseExact(out)).holders),
  },
  metrics: {
    words: ['metrics', '--holders'],
    seen: (out) =>
      out.split('\n').filter((line) => /^hugepool_(?:held|explained|unexplained)_pages/.test(line)),
    // It asks for no segment without a page.
    shows: (one) => one !== 'CAP_IPC_OWNER' || !showsTooMuch(),
  },
  doctor: {
    words: ['doctor', '--json'],
    seen: (out) => {
      const { findings, notes = [] } = findingsSchema.parse(parseExact(out))
      return [...findings.map(({ what }) => what), ...notes]
    },
    // It looks no further once a process could not be looked into: root cannot into some either.
    shows: (one) => one === 'CAP_DAC_READ_SEARCH',
  },
}

live('holders are seen as by root with the capabilities that are named', async (t) => {
  const pages = 2
  setPool(smallest, 5 * pages)
  const directory = await mounted()
  await animal('private', pages)
  await animal('memfd-open', pages)
  await animal('segment-left', pages)
  await animal('segment-untouched', pages)
  const kept = await animal('mount-kept', pages, fileFor(directory, 'mount-kept'))
  const copy = readableCopy()
  for (const [name, { words, seen, shows }] of Object.entries(looks)) {
    const line = [process.execPath, `${copy}/bin/hugepool.js`, ...words]
    const looked = async (names?: readonly string[]) => {
      const by = names === undefined ? [] : exactly(nobody, names)
      const { status, out, err } = await run([...by, ...line], copy)
      if (status === 3) throw new Error(err)
      return seen(out)
    }
    const sight = privileges[name]?.sight ?? []
    const all = await looked()
    t.strictSame(await looked(sight), all, name)
    for (const one of sight.filter(shows ?? (() => true))) {
      const rest = sight.filter((other) => other !== one)
      t.not(`${await looked(rest)}`, `${all}`, `${name} without ${one}`)
    }
  }
  await kept.release()
})

live('who may list descriptors, and not follow them, does not call their files left', async (t) => {
  setPool(smallest, 2)
  const directory = await mounted()
  const { file = '' } = fileFor(directory, 'file-open')
  const open = await animal('file-open', 1, { file })
  const copy = readableCopy()
  // With CAP_SYS_ADMIN the kernel shows the memory of others (may_access_mm in kernel/fork.c).
  for (const names of [['CAP_DAC_OVERRIDE'], ['CAP_DAC_OVERRIDE', 'CAP_SYS_ADMIN']]) {
    const line = [process.execPath, `${copy}/bin/hugepool.js`, 'files', directory, '--json']
    const { out } = await run([...exactly(nobody, names), ...line], copy)
    const states = filesSchema.parse(parseExact(out)).files.map(({ state }) => state)
    t.strictSame(states, ['unknown'], names.join())
  }
  await open.release()
})
