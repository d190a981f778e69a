import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { type CheckFinding, predictionOf } from '../../../src/model/doctor/check-finding.ts'
import { checkDoctorRequest, type DoctorRequest } from '../../../src/model/doctor/doctor-request.ts'
import type { DoctorTrial } from '../../../src/model/doctor/doctor-result.ts'
import { type Via, vias } from '../../../src/model/mapping/mapping-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { present } from '../../../src/model/words/present.ts'
import { answerRequest } from '../../../src/operations/doctor/answer-request.ts'
import { testMapping } from '../../../src/operations/mapping/test-mapping.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { type DoctorStage, openStage, portsOf } from '../../helpers/doctor-stage.ts'
import { pageText } from '../../helpers/manual-pages.ts'
import { G, M } from '../../helpers/sizes.ts'

// Every check fails alone and with every other one, for each way of mapping. What a test of the same
// words comes to decides whether the answer was right.

type Change = (stage: DoctorStage) => DoctorStage

const poolOf =
  (first: bigint, second: bigint, overcommit = 0n): Change =>
  (stage) => ({
    ...stage,
    kernel: {
      ...stage.kernel,
      pools: [{ size: 2n * M, persistent: { 0: first, 1: second }, overcommit }],
    },
  })

const set =
  (values: Partial<DoctorStage>): Change =>
  (stage) => ({ ...stage, ...values })

/** What can be wrong with the machine, by the check that is not well for it. */
const faults: Readonly<Record<string, Change>> = {
  'page-size': (stage) => ({
    ...stage,
    kernel: { ...stage.kernel, sizes: [G], pools: [] },
  }),
  'user-namespace': set({ confined: true }),
  'user-namespace: with privileges': set({ confined: true, privileged: true, shmGroup: 0 }),
  'available: too few': poolOf(2n, 1n),
  'available: reserved': set({ reserved: 5 }),
  'available: overcommit helps': poolOf(2n, 1n, 4n),
  'available: overcommit helps too little': poolOf(1n, 1n, 1n),
  'surplus-memory: none': (stage) => ({
    ...poolOf(2n, 1n, 4n)(stage),
    kernel: {
      ...poolOf(2n, 1n, 4n)(stage).kernel,
      nodes: [
        { id: 0, memory: 4n * G, free: 0n },
        { id: 1, memory: 4n * G, free: 0n },
      ],
    },
  }),
  'node-free: all elsewhere': poolOf(0n, 8n),
  'node-free: one too few': poolOf(3n, 5n),
  'cpuset: the first node': set({ allowed: [0] }),
  'cpuset: the second node': set({ allowed: [1] }),
  'policy: bound to the first node': set({ held: { mode: 'bind', nodes: [0] } }),
  'policy: bound to the second node': set({ held: { mode: 'bind', nodes: [1] } }),
  'policy: preferred': set({ held: { mode: 'preferred', nodes: [1] } }),
  'policy: interleaved': set({ held: { mode: 'interleave', nodes: [0, 1] } }),
  'cgroup-rsvd: own': set({ own: { reserved: 3 } }),
  'cgroup-rsvd: above': set({ above: { reserved: 3 } }),
  'cgroup-rsvd: first version': set({ first: { reserved: 3 } }),
  'cgroup-rsvd: no copy': set({ own: { reserved: 6 } }),
  'cgroup-max: own': set({ own: { pages: 3 } }),
  'cgroup-max: above': set({ above: { pages: 3 } }),
  'cgroup-max: first version': set({ first: { pages: 3 } }),
  'cgroup-max: no copy': set({ above: { pages: 6 } }),
  'cgroup-memory: own': set({ own: { memory: 3 } }),
  'cgroup-memory: no copy': set({ own: { memory: 6 } }),
  'address-space': set({ addressSpace: 3 }),
  'address-space: data': set({ dataSize: 3 }),
  'file-size': set({ fileSize: 3 }),
  'memfd-noexec': set({ memfdNoexec: 2 }),
  memlock: set({ memlock: 0 }),
  'map-count': set({ mappings: 100 }),
  shmmax: set({ shmmax: 1 }),
  shmall: set({ shmall: 3 }),
  'shm-group': set({ shmGroup: 0 }),
  'shm-group: nobody but the privileged': set({ shmGroup: 0, privileged: true }),
  'shm-group: an old kernel': (stage) => ({
    ...stage,
    shmGroup: 0,
    memlock: 8,
    kernel: { ...stage.kernel, release: '5.10' },
  }),
  'shm-group: memlock': (stage) => ({
    ...stage,
    shmGroup: 0,
    memlock: 1,
    kernel: { ...stage.kernel, release: '5.10' },
  }),
  shmmni: set({ segments: 10 }),
  mount: set({ mount: 'none' }),
  'mount-hidden': set({ mount: 'hidden' }),
  'mount-read-only': set({ mount: 'ro' }),
  'mount-permission': set({ mountGroup: 60 }),
  'mount-permission: of root': set({ mountMode: '0755' }),
  'mount-size': set({ mountSize: 3 }),
  'mount-size: no copy': set({ mountSize: 6 }),
  'mount-inodes': set({ mountInodes: 0 }),
  'mount-min-size': set({ mountLeast: 2 }),
  'mount-min-size: all': set({ mountLeast: 8 }),
  noexec: set({ mount: 'noexec' }),
}

/** What can be wrong with what is asked, by the check that is not well for it. */
const wrongWords: Readonly<Record<string, Partial<DoctorRequest>>> = {
  alignment: { assignment: parseAssignment('2M=3M') },
  'policy: no such node': { assignment: parseAssignment('2M=9:1') },
  'copy-on-write': { assignment: parseAssignment('2M=5'), fork: true, sharing: 'private' },
}

/** Words that are asked with, beside the way. */
const shapes: readonly Partial<DoctorRequest>[] = [
  {},
  { noreserve: true },
  { assignment: parseAssignment('2M=0:2,1:2') },
  { assignment: parseAssignment('2M=0:2,1:2'), noreserve: true },
  { policy: { mode: 'bind', nodes: [0] } },
  { policy: { mode: 'preferred', nodes: [1] } },
  { sharing: 'shared' },
  { sharing: 'private' },
  { fork: true },
  { fork: true, sharing: 'shared' },
  { fork: true, sharing: 'private' },
  { fork: true, assignment: parseAssignment('2M=0:2,1:2') },
  { populate: true },
  { processes: 2 },
]

/** Whether the words may be typed with each other: doctor asks this first (checkDoctorRequest). */
const isMeant = (request: DoctorRequest): boolean => {
  try {
    checkDoctorRequest(request)
    return true
  } catch {
    return false
  }
}

const requestOf = (
  via: Via,
  shape: Partial<DoctorRequest>,
  names: readonly string[] = [],
): DoctorRequest => ({
  about: 'mapping',
  assignment: parseAssignment('2M=4'),
  via,
  populate: false,
  noreserve: false,
  verify: false,
  frames: false,
  readOften: false,
  processes: 1,
  subject: { kind: 'self' },
  fork: false,
  tries: true,
  ...shape,
  ...Object.assign({}, ...names.map((name) => wrongWords[name])),
})

/** What is predicted, and what comes of it. */
interface Case {
  readonly findings: readonly CheckFinding[]
  readonly trial?: DoctorTrial
}

/** What cannot even be planned is tried all the same: the test has to refuse it. */
const refusal = async (ports: Ports, request: DoctorRequest): Promise<DoctorTrial> => {
  try {
    const { outcome } = await testMapping(ports, request)
    return { outcome, why: '' }
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return { outcome: 'refused', why: error.message }
  }
}

const caseOf = async (
  names: readonly string[],
  via: Via,
  shape: Partial<DoctorRequest>,
): Promise<Case> => {
  const changes = names.flatMap((name) => faults[name] ?? [])
  const stage = changes.reduce((made, change) => change(made), openStage)
  const ports = portsOf(stage, via)
  const request = requestOf(via, shape, names)
  const { asked, findings, trial } = await answerRequest(ports, request)
  return present({ findings, trial: asked === undefined ? await refusal(ports, request) : trial })
}

/** How often each answer was right. */
const counts: Record<string, number> = {}

/** What was predicted and what came of it, where both differ. */
const differences = (
  names: readonly string[],
  via: Via,
  shape: Partial<DoctorRequest>,
  { findings, trial }: Case,
): readonly string[] => {
  const predicted = predictionOf(findings)
  const found = trial === undefined ? predicted : trial.outcome === 'done' ? 'yes' : 'no'
  counts[found] = (counts[found] ?? 0) + 1
  const silent = findings.filter(
    ({ result, why = '', hints = [] }) => result === 'fail' && (why === '' || hints.length === 0),
  )
  if (silent.length > 0) return silent.map(({ check }) => `${check} has no words or no hint`)
  if (predicted === found) return []
  const said = findings.filter(({ result }) => result !== 'ok').map(({ check }) => check)
  return [
    `${names.join(' + ')} by ${via} ${shapes.indexOf(shape)}: ${predicted} (${said}), and ${trial?.outcome} ${trial?.why}`,
  ]
}

/** The checks that are about some of the ways of mapping only. */
const waysOf: Partial<Readonly<Record<string, readonly Via[]>>> = {
  'user-namespace': ['file', 'shm'],
  noexec: ['file'],
  'file-size': ['file', 'memfd'],
  'memfd-noexec': ['memfd'],
}

const checkOf = (name: string): string => name.split(':')[0] ?? ''

/** A segment is always shared. */
const isOfPrivate = (name: string): boolean =>
  ['address-space: data', 'copy-on-write'].includes(name) || name.endsWith(': no copy')

const isAbout = (name: string, via: Via): boolean => {
  const ways = waysOf[checkOf(name)]
  if (ways !== undefined) return ways.includes(via)
  if (name.startsWith('shm')) return via === 'shm'
  if (name.startsWith('mount')) return via === 'file'
  return via !== 'shm' || !isOfPrivate(name)
}

const namesFor = (via: Via): readonly string[] =>
  [...Object.keys(faults), ...Object.keys(wrongWords)].filter((name) => isAbout(name, via))

type Asked = readonly [names: readonly string[], shape: Partial<DoctorRequest>]

/** The words that may be typed for a way, beside what is wrong. */
const askedFor = (via: Via, names: readonly string[]): readonly Asked[] =>
  shapes
    .filter((shape) => isMeant(requestOf(via, shape, names)))
    .map((shape) => [names, shape] as const)

/** Pairs of faults, each with one of the shapes in turn, and with all in a longer run. */
const pairsFor = (via: Via): readonly Asked[] => {
  const names = namesFor(via)
  const pairs = names.flatMap((name, index) => names.slice(index + 1).map((other) => [name, other]))
  return pairs.flatMap((pair, index) => {
    const asked = askedFor(via, pair)
    return isLong ? asked : asked.slice(index % asked.length).slice(0, 1)
  })
}

const isLong = process.env.HUGEPOOL_TEST_RUNS !== undefined

t.setTimeout(isLong ? 600_000 : 120_000)

for (const via of vias)
  t.test(`what is said of ${via} is what comes of it`, async (t) => {
    const wrong: string[] = []
    for (const [names, shape] of [...askedFor(via, []), ...pairsFor(via)])
      wrong.push(...differences(names, via, shape, await caseOf(names, via, shape)))
    t.strictSame(wrong, [])
  })

/** What leaves the check well that it is about: it helps, or other checks come to something by it. */
const harmless: readonly string[] = [
  'available: overcommit helps',
  'policy: bound to the first node',
  'policy: bound to the second node',
  'policy: preferred',
  'policy: interleaved',
  'shm-group: nobody but the privileged',
  'shm-group: an old kernel',
  'memlock',
  'mount-min-size',
  'mount-min-size: all',
]

/** The checks that never fail, as the manual says: a test meets nothing of what they tell. */
const neverFailing: readonly string[] = [
  'user-namespace',
  'noexec',
  'memfd-noexec',
  'file-size',
  'memlock',
  'mount-min-size',
]

/** The faults of which a test does not say the same, because it meets something else of them. */
const saidOtherwise: readonly string[] = [
  'surplus-memory: none',
  'cpuset: the first node',
  'cpuset: the second node',
  'copy-on-write',
  'mount-size: no copy',
]

/** The words of a check, without the errno before them and what is in use of a limit meanwhile. */
const coreOf = (why: string): string =>
  why.replace(/^(?:shmget gives )?[A-Z]+: /, '').replace(/ and has .*$/, '')

/** Whether a test says what the check said, for the only check that fails. */
const isSaid = (name: string, { findings, trial }: Case): boolean => {
  const [first, ...others] = findings.filter(({ result }) => result === 'fail')
  if (first?.check !== checkOf(name) || others.length > 0 || trial === undefined) return false
  return trial.why.includes(coreOf(first.why ?? ''))
}

for (const via of vias)
  t.test(`each fault alone, by ${via}, is found by the check that it is about`, async (t) => {
    const wrong: string[] = []
    for (const name of namesFor(via)) {
      const results = new Set<string | undefined>()
      let said = false
      for (const [names, shape] of askedFor(via, [name])) {
        const found = await caseOf(names, via, shape)
        wrong.push(...differences(names, via, shape, found))
        results.add(found.findings.find(({ check }) => check === checkOf(name))?.result)
        said ||= isSaid(name, found)
      }
      const isFound = results.has(neverFailing.includes(checkOf(name)) ? 'warn' : 'fail')
      if (isFound === harmless.includes(name)) wrong.push(`${name} by ${via}: ${[...results]}`)
      const isApart = saidOtherwise.includes(name)
      if (results.has('fail') && said === isApart) wrong.push(`${name} by ${via}: said ${said}`)
    }
    t.strictSame(wrong, [])
  })

t.test('the manual names the checks that never fail', async (t) => {
  const page = pageText('hugepool-doctor.8')
  const [, named = ''] = /^Six of them never fail.*\n((?:\.Cm .*\n|and\n)*)/m.exec(page) ?? []
  t.strictSame(
    [...named.matchAll(/^\.Cm (\S+)/gm)].map(([, name]) => name),
    neverFailing,
  )
})

t.test('both answers come often', async (t) => {
  t.ok((counts.yes ?? 0) > 300 && (counts.no ?? 0) > 1500, JSON.stringify(counts))
})
