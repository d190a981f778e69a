import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import t, { type Test } from 'tap'
import { beforeCalls, changingCalls, diskFull } from '../helpers/changing-calls.ts'
import {
  contents,
  copyOf,
  machine,
  momentsOf,
  put,
  type Turn,
  textAt,
  turns,
  unfinished,
  unnamed,
} from '../helpers/persist-turns.ts'
import { persist } from '../helpers/persist-words.ts'
import { node, temporary } from '../helpers/run.ts'

const bundle = join(temporary(t), 'persist.cjs')
buildSync({
  entryPoints: [join(import.meta.dirname, '../helpers/persist-program.ts')],
  bundle: true,
  platform: 'node',
  // A process that loads no ES module starts faster.
  format: 'cjs',
  outfile: bundle,
  logLevel: 'silent',
})

/** From nothing: tap would put its own loader into the environment. */
const fromNothing = ['-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']

const act = (words: readonly string[], under: readonly string[]) => {
  const line = [...fromNothing, ...under, node, bundle, ...words]
  const { status, signal, stderr } = spawnSync('/usr/bin/env', line, { encoding: 'utf8' })
  return { status, signal, stderr }
}

/** With --seccomp-bpf, which takes half of the time, strace puts no signals in. */
const strace = (file: string, rule: string, ...faster: readonly '--seccomp-bpf'[]) => [
  ...['strace', '-f', ...faster, '-qq', '-o', file],
  ...['-e', `trace=${changingCalls.map((one) => `?${one}`)}`, '-e', rule],
]

/** The calls of one run, in order. */
const callsOf = (t: Test, words: readonly string[]): readonly string[] => {
  const file = join(temporary(t), 'trace')
  const { status, stderr } = act(words, strace(file, 'abbrev=none', '--seccomp-bpf'))
  t.equal(status, 0, stderr)
  return [...readFileSync(file, 'utf8').matchAll(/^\d+ +(\w+)\(/gm)].map(([, name]) => name ?? '')
}

for (const [title, turn] of Object.entries<Turn>(turns))
  t.test(`an end at any call while ${title}`, async (t) => {
    const { words, prepare, states, done } = turn
    const fresh = machine(t)
    await prepare(fresh)
    const moments = await momentsOf(t, fresh, turn)
    const calls = moments.map(({ call }) => call)
    t.strictSame(callsOf(t, words(copyOf(t, fresh))), calls, 'those of a process of its own')
    t.ok(calls.length >= 4, calls.join(' '))
    for (const [at, { root }] of moments.entries()) {
      const name = `${calls[at]}, call ${at}`
      for (const [path, allowed] of Object.entries(states))
        t.ok(allowed.includes(textAt(root, path)), `${path}: old or new at ${name}`)
      await t.resolves(persist(words(root)), 'the next one goes on')
      t.strictSame(unfinished(root), [], `nothing in the making stays at ${name}`)
      for (const [path, wanted] of Object.entries(done)) t.equal(textAt(root, path), wanted, path)
    }
  })

for (const title of ['putting a unit', 'taking from the drop-in'] as const)
  t.test(`kill -9 while ${title} leaves what stood at its call`, async (t) => {
    const turn: Turn = turns[title]
    const fresh = machine(t)
    await turn.prepare(fresh)
    const moments = await momentsOf(t, fresh, turn)
    for (const [at, { call, root: expected }] of moments.entries()) {
      const root = copyOf(t, fresh)
      const nth = moments.slice(0, at + 1).filter((one) => one.call === call).length
      const rule = `inject=${call}:signal=KILL:when=${nth}`
      const { signal } = act(turn.words(root), strace('/dev/null', rule))
      t.equal(signal, 'SIGKILL', `${call} ${nth}`)
      t.strictSame(unnamed(contents(root)), unnamed(contents(expected)), `${call} ${nth}`)
    }
  })

t.test('the new text is on disk before it takes the place of the old one', async (t) => {
  const root = machine(t)
  const calls = callsOf(t, put(root, 'fstab')).filter((name) => name !== 'fchmod')
  const file = ['fsync', 'rename', 'fsync']
  t.strictSame(calls, [...file, ...file], 'the backup, then the file, each with its directory')
  t.strictSame(unfinished(root), [])
})

for (const [title, turn] of Object.entries<Turn>(turns))
  t.test(`any call that fails while ${title} leaves all as it was`, async (t) => {
    const fresh = machine(t)
    await turn.prepare(fresh)
    const moments = await momentsOf(t, fresh, turn)
    for (const [failing, { call }] of moments.entries()) {
      const root = copyOf(t, fresh)
      await t.test(`${call}, call ${failing}`, async (t) => {
        let made = -1
        beforeCalls(t, (name) => {
          made += 1
          if (made === failing) throw diskFull(name)
        })
        await t.rejects(persist(turn.words(root)), { code: 'E_KERNEL' })
      })
      t.strictSame(contents(root), contents(fresh), `${call}, call ${failing}`)
    }
  })

t.test('a call that fails in a process of its own', async (t) => {
  const { words, prepare }: Turn = turns['putting a unit']
  const fresh = machine(t)
  await prepare(fresh)
  for (const name of ['fsync', 'rename', 'symlink']) {
    const root = copyOf(t, fresh)
    const rule = `inject=${name}:error=ENOSPC:when=1`
    const { status } = act(words(root), strace('/dev/null', rule, '--seccomp-bpf'))
    t.equal(status, 1, name)
    t.strictSame(contents(root), contents(fresh), name)
  }
})
