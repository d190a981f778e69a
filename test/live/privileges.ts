import { chmodSync, cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { privileges, type Way } from '../helpers/privileges.ts'
import { hold } from './support/holder.ts'
import { atEnd, liveOn } from './support/live.ts'
import {
  gigantic,
  makeRoom,
  poolPath,
  setPool,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { mountPoint, mountRoom, ofSmallest } from './support/mounts.ts'
import { readableCopy } from './support/nobody.ts'
import { type Result, run } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'
import { animal, fileFor } from './support/zoo.ts'

const live = liveOn('pools that can be set', 'processes: privilege')
const splitting = liveOn('room for 1G on each node', 'demote (Linux 5.16)', 'one node with memory')
const withPrograms = liveOn('programs of a distribution')
/** Those that need more of a machine, or other things. */
const onOthers: Readonly<Record<string, typeof live>> = {
  'Cm demote': splitting,
  'Cm service install': withPrograms,
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

interface Trial {
  /** Puts everything as it was before the command, and gives its words. */
  readonly words: () => Promise<readonly string[]> | readonly string[]
  /** Whether a command that ended with 0 did what it was asked for; it did where this is missing. */
  readonly did?: (result: Result) => boolean
  /** What starts it, such as unshare(1). */
  readonly under?: () => readonly string[]
}

/** Has the program write to a copy of /etc. */
const withOwnEtc = (): readonly string[] => {
  const directory = temporaryDirectory()
  chmodSync(directory, 0o755)
  cpSync('/etc', `${directory}/etc`, { recursive: true, verbatimSymlinks: true })
  const script = `mount --make-rprivate /\nmount --bind ${directory}/etc /etc\nexec "$@"`
  return ['unshare', '-m', 'sh', '-euc', script, 'sh']
}

/** The words of a change of a pool that is 1 before. */
const resizing =
  (...more: readonly string[]) =>
  () => {
    setPool(smallest, 1)
    return ['resize', `${size}=2`, ...more]
  }

const configured = (...lines: readonly string[]): readonly string[] => {
  const directory = temporaryDirectory()
  chmodSync(directory, 0o755)
  const file = join(directory, 'hugepool.toml')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return ['apply', '--config', file]
}

const openPoint = (): string => {
  const target = mountPoint()
  chmodSync(join(target, '..'), 0o755)
  return target
}

const newPoint = (): string => {
  const room = mountRoom()
  chmodSync(room, 0o755)
  return `${room}/new`
}

const testing =
  (...words: readonly string[]) =>
  () => {
    setPool(smallest, 1)
    return ['test', `${size}=1`, ...words]
  }

const fileLeft = async (): Promise<readonly string[]> => {
  // Those that stayed in earlier trials keep theirs.
  setPool(smallest, 8)
  const directory = await mounted()
  chmodSync(directory, 0o755)
  const file = `${directory}/left`
  await (await hold(smallest, { pages: 1, touch: 1, sharing: 'shared', file })).release()
  return ['files', directory, '--clean', '--yes', '--older', '0s', '--json']
}

const otherShare = (): string => {
  const file = '/proc/sys/vm/hugetlb_shm_group'
  atEnd(() => writeFileSync(file, '0'))
  writeFileSync(file, '0')
  return 'shm-group=1'
}

const defrag = '/sys/kernel/mm/transparent_hugepage/khugepaged/defrag'

const otherDefrag = (): string => {
  atEnd(() => writeFileSync(defrag, '1'))
  writeFileSync(defrag, '1')
  return 'khugepaged-defrag=0'
}

const trials: Readonly<Record<string, Trial>> = {
  'Cm resize': { words: resizing() },
  'Cm resize Fl -persist': { words: resizing('--persist'), under: withOwnEtc },
  'Cm overcommit': {
    words: () => {
      writeNumber(poolPath(smallest, 'nr_overcommit_hugepages'), 0)
      return ['overcommit', `${size}=1`]
    },
  },
  'Cm demote': {
    words: () => {
      setPool(smallest, 0)
      makeRoom()
      setPool(gigantic as number, 1)
      return ['demote', `${sizeName(gigantic as number)}=1`]
    },
  },
  'Cm mount': { words: () => ['mount', openPoint(), ...ofSmallest] },
  'Cm mount Fl -mkdir': { words: () => ['mount', newPoint(), '--mkdir', ...ofSmallest] },
  'Cm umount': {
    words: async () => {
      const directory = await mounted()
      return ['umount', directory]
    },
  },
  'Cm test': { words: testing() },
  'Cm test Fl -via Cm shm': { words: testing('--via', 'shm') },
  'Cm test Fl -user': { words: testing('--user', '1', '--group', '1') },
  'Cm files Fl -clean': {
    words: fileLeft,
    did: ({ out }) => (JSON.parse(out) as { removed: string[] }).removed.length === 1,
  },
  'Cm apply No of pools': {
    words: () => {
      setPool(smallest, 1)
      return configured(`[pools.${size}]`, 'pages = 2')
    },
  },
  'Cm apply No of a mount': {
    words: () => configured(`[mounts."${openPoint()}"]`, `page-size = "${size}"`),
  },
  'Cm service install': { words: () => ['service', 'install', '--force'], under: withOwnEtc },
  'Cm tune No of a file in Pa /sys': { words: () => ['tune', otherDefrag()] },
  'Cm tune No of a file in Pa /proc/sys': { words: () => ['tune', otherShare()] },
}

const attempt = async (copy: string, trial: Trial, user: number, names: readonly string[]) => {
  const words = await trial.words()
  const line = [process.execPath, `${copy}/bin/hugepool.js`, ...words]
  const result = await run([...(trial.under?.() ?? []), ...exactly(user, names), ...line], copy)
  return { ...result, done: result.status === 0 && (trial.did?.(result) ?? true) }
}

/** With the capabilities it works, and without any one of them it does not, which it names. */
const prove = async (t: Test, trial: Trial, user: number, names: readonly string[]) => {
  const copy = readableCopy()
  const { done, err } = await attempt(copy, trial, user, names)
  t.ok(done, `user ${user} with ${names.join() || 'none'}: ${err}`)
  for (const name of names) {
    const rest = names.filter((other) => other !== name)
    const without = await attempt(copy, trial, user, rest)
    t.notOk(without.done, `user ${user} without ${name}`)
    // Who has no capability at all is told of root alone.
    const isTold = user !== 0 && rest.length === 0 && without.err.includes('run it as root')
    if (without.status === 3) t.ok(isTold || without.err.includes(name), without.err)
    else t.ok(trial.did !== undefined && /stays|not removed/.test(without.err), without.err)
  }
}

/** Where the kernel asks for user 0, all that another user can be given is in vain. */
const proveRoot = async (t: Test, trial: Trial) => {
  const names = ['CAP_DAC_OVERRIDE', 'CAP_SYS_ADMIN']
  const { status, err } = await attempt(readableCopy(), trial, nobody, names)
  t.equal(status, 3)
  t.match(err, /denied\nhint: run it as root\n$/)
}

const proveWay = (way: string, root: Way['root'], other: Way['other']) => async (t: Test) => {
  const trial = trials[way]
  if (trial === undefined || root === 'all') throw new Error(`${way} is not tried`)
  await prove(t, trial, 0, root)
  if (other === 'root') await proveRoot(t, trial)
  else if (other !== undefined) await prove(t, trial, nobody, other)
}

/** The programs of boot loaders have tests of their own, on a machine that boots (test/boot). */
const elsewhere = ['Cm boot Fl -install']

for (const { way, root, other } of Object.values(privileges).flatMap(({ ways }) => ways)) {
  if (elsewhere.includes(way)) continue
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

live('who sees as much as root with the capabilities that it names', async (t) => {
  const pages = 2
  setPool(smallest, 3 * pages)
  const directory = await mounted()
  await animal('private', pages)
  await animal('memfd-open', pages)
  const kept = await animal('mount-kept', pages, fileFor(directory, 'mount-kept'))
  const copy = readableCopy()
  const seen = async (names: readonly string[]) => {
    const words = ['who', size, '--json']
    const { out } = await attempt(copy, { words: () => words }, nobody, names)
    const { pools, holders } = whoSchema.parse(parseExact(out))
    const rows = holders.map(({ holds, pages: count }) => `${holds} ${count}`).sort()
    return [`explained ${pools[0]?.explained}`, ...rows]
  }
  const sight = privileges.who?.sight ?? []
  const all = [`explained ${3 * pages}`, 'descriptor 2', 'file 2', 'mapping 2']
  t.strictSame(await seen(sight), all)
  for (const name of sight)
    t.not(`${await seen(sight.filter((other) => other !== name))}`, `${all}`, `without ${name}`)
  await kept.release()
})
