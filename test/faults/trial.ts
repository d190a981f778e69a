import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { failingCalls } from './errnos.ts'
import { differing, type Ended, type Finding, judge } from './judge.ts'
import { filesSeen, type Look, poolsSeen, seenWith, settingsSeen } from './look.ts'
import { type Fault, tamperingWords } from './plan.ts'
import { type Point, pointsOf } from './recording.ts'
import type { Scene } from './scenes.ts'
import { log, program, root, start, straced } from './traced.ts'

const sysfs = '/sys/kernel/mm/hugepages'

const files = filesSeen()
const firstSettings = settingsSeen()
const look = (): Look => seenWith(files.look)

const writeBack = (path: string, content: string | undefined): void => {
  rmSync(path, { recursive: true, force: true })
  if (content === undefined) return
  const [kind, mode = '644'] = content.split(' ', 2)
  const bits = Number.parseInt(mode, 8)
  if (kind === 'link') symlinkSync(content.slice('link '.length), path)
  if (kind === 'directory') mkdirSync(path, { recursive: true, mode: bits })
  if (kind === 'file')
    writeFileSync(path, content.slice(`file ${mode} `.length), { encoding: 'latin1', mode: bits })
}

/** Ends what a run left behind, and makes everything as it was at the beginning of the laboratory. */
const clear = (): void => {
  const now = look()
  const named = (kind: string) =>
    Object.keys(now).flatMap((name) =>
      name.startsWith(`${kind} `) ? [name.slice(kind.length + 1)] : [],
    )
  for (const target of named('mount')) start(['umount', '-l', target])
  for (const path of named('setting')) {
    const value = firstSettings[`setting ${path}`]
    if (value !== undefined && value !== now[`setting ${path}`]) writeFileSync(path, value)
  }
  // What lay on a mount is gone with it; directories come before what is in them.
  for (const path of named('file').sort()) writeBack(path, files.first[`file ${path}`])
  if (now.segments !== undefined) start(['ipcrm', '--all=shm'])
}

const setPools = (asked: Readonly<Record<string, string>>): void => {
  const now = poolsSeen()
  const wanted = (path: string) => asked[path.slice(sysfs.length + 1)] ?? '0'
  const paths = Object.keys(now).flatMap((name) => /^pool (.*)$/.exec(name)?.[1] ?? [])
  const differing = paths.filter((path) => now[`pool ${path}`] !== wanted(path))
  // What shrinks comes first.
  const shrinking = (path: string) => (wanted(path) === '0' ? 0 : 1)
  for (const path of differing.sort((a, b) => shrinking(a) - shrinking(b)))
    writeFileSync(path, wanted(path))
  const after = differing.length === 0 ? now : poolsSeen()
  const short = paths.filter((path) => after[`pool ${path}`] !== wanted(path))
  if (short.length > 0) throw new Error(`${short[0]} is not ${wanted(short[0] ?? '')}`)
}

/** Puts the machine into the state in which a scene begins. */
export const prepare = ({ pools = {}, files: given = {}, lines = [] }: Scene): Look => {
  clear()
  setPools(pools)
  for (const [path, text] of Object.entries(given))
    if (path.endsWith('/')) mkdirSync(path, { recursive: true })
    else writeFileSync(path, text)
  for (const line of lines) {
    const { status, err } = start(line)
    if (status !== 0) throw new Error(`${line.join(' ')}: ${err}`)
  }
  return look()
}

/** A scene as it goes without a fault. */
export interface Played {
  /** The machines from which the command was seen to succeed without a fault. */
  readonly well: Set<string>
  readonly scene: Scene
  readonly before: Look
  readonly wanted: Look
  readonly usual: number | null
  readonly points: readonly Point[]
}

const wordsOf = ({ words }: Scene, json: boolean): readonly string[] =>
  json ? [...words, '--json'] : words

/** Plays a scene and notes the calls that hugepool makes in it. */
export const play = (scene: Scene): Played => {
  const before = prepare(scene)
  const trace = `trace=${failingCalls.map((name) => `?${name}`).join(',')}`
  const ended = straced(scene, ['-e', trace], [...program, ...scene.words])
  const wanted = look()
  if (ended.status !== 0)
    throw new Error(`${scene.name} ends with ${ended.status}: ${ended.out}${ended.err}`)
  const points = pointsOf(readFileSync(log, 'utf8'), root)
  return { scene, before, wanted, usual: ended.status, points, well: new Set() }
}

/** What one run showed: nothing where the call was not made this time. */
export interface Tried {
  readonly fault: Fault
  readonly hit: boolean
  readonly findings: readonly Finding[]
}

const wasHit = (fault: Fault, run: Ended): boolean => {
  if (fault.fate.kind === 'kill') return run.signal === 'SIGKILL'
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []
  return lines.some(
    (line) => /\((INJECTED|DELAYED)\)/.test(line) && line.includes(fault.point.mark ?? ''),
  )
}

/** The line that does once more what a run did. */
export const lineOf = (scene: Scene, fault: Fault): string =>
  ['strace', '-f', ...tamperingWords(fault), 'hugepool', ...wordsOf(scene, fault.json)].join(' ')

/** The machine as the last run left it, of which only what differs is made anew for the next. */
let standing: { readonly scene: Scene; readonly look: Look } | undefined

const isAt = (scene: Scene, wanted: Look): boolean =>
  standing?.scene === scene && differing(standing.look, wanted).length === 0

const begin = ({ scene, before }: Played): Look => (isAt(scene, before) ? before : prepare(scene))

const stateOf = (look: Look, json: boolean): string =>
  JSON.stringify([json, ...Object.entries(look).sort(([one], [other]) => (one < other ? -1 : 1))])

/** As many runs have a second one whatever they left, for what a look does not see. */
const always = 20

let turn = 0

/**
 * Runs a command with one fault, then without, and judges both. The second run is left out where the
 * command was seen to succeed from a machine that looks the same.
 */
export const tryFault = (played: Played, fault: Fault): Tried => {
  const { scene, wanted, usual, well } = played
  const before = begin(played)
  const words = wordsOf(scene, fault.json)
  const run = straced(
    scene,
    tamperingWords(fault),
    [...program, ...words],
    fault.fate.kind !== 'kill',
  )
  const hit = wasHit(fault, run)
  const after = look()
  standing = { scene, look: after }
  const first = { fault, before, wanted, usual, run, after }
  const state = stateOf(after, fault.json)
  turn += 1
  if (well.has(state) && turn % always !== 0)
    return { fault, hit, findings: hit ? judge(first) : [] }
  if (scene.once) prepare(scene)
  const again = start([...program, ...words])
  const end = look()
  standing = { scene, look: end }
  if (again.status === usual && differing(end, wanted).length === 0) well.add(state)
  const findings = judge({ ...first, second: { again, end } })
  return { fault, hit, findings: hit ? findings : [] }
}

/** Leaves the machine as it was found. */
export const leave = (pools: Look): void => {
  clear()
  const asked = Object.entries(pools).flatMap(([name, value]) => {
    const path = /^pool (.*)$/.exec(name)?.[1]
    return path === undefined ? [] : [[path.slice(sysfs.length + 1), value] as const]
  })
  setPools(Object.fromEntries(asked))
}
