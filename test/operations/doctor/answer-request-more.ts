import t from 'tap'
import { predictionOf } from '../../../src/model/doctor/check-finding.ts'
import type { DoctorRequest } from '../../../src/model/doctor/doctor-request.ts'
import { type Via, vias } from '../../../src/model/mapping/mapping-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { answerRequest } from '../../../src/operations/doctor/answer-request.ts'
import { type DoctorStage, openStage, portsOf } from '../../helpers/doctor-stage.ts'
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

/** What can be wrong, by the check that fails for it. */
const faults: Readonly<Record<string, Change>> = {
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
  'node-free: one too few': poolOf(5n, 2n),
  'cpuset: the first node': set({ allowed: [0] }),
  'cpuset: the second node': set({ allowed: [1] }),
  'policy: bound to the first node': set({ held: { mode: 'bind', nodes: [0] } }),
  'policy: bound to the second node': set({ held: { mode: 'bind', nodes: [1] } }),
  'policy: preferred': set({ held: { mode: 'preferred', nodes: [1] } }),
  'policy: interleaved': set({ held: { mode: 'interleave', nodes: [0, 1] } }),
  'cgroup-rsvd: own': set({ own: { reserved: 3 } }),
  'cgroup-rsvd: above': set({ above: { reserved: 3 } }),
  'cgroup-rsvd: first version': set({ first: { reserved: 3 } }),
  'cgroup-max: own': set({ own: { pages: 3 } }),
  'cgroup-max: above': set({ above: { pages: 3 } }),
  'cgroup-max: first version': set({ first: { pages: 3 } }),
  'cgroup-memory: own': set({ own: { memory: 3 } }),
  'address-space': set({ addressSpace: 3 }),
  'address-space: data': set({ dataSize: 3 }),
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
  'mount-inodes': set({ mountInodes: 0 }),
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
]

const requestOf = (via: Via, shape: Partial<DoctorRequest>): DoctorRequest => ({
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
})

/** How often each answer was right. */
const counts: Record<string, number> = {}

/** What was predicted and what came of it, where both differ. */
const differences = async (
  names: readonly string[],
  via: Via,
  shape: Partial<DoctorRequest>,
): Promise<readonly string[]> => {
  const stage = names.reduce((made, name) => (faults[name] as Change)(made), openStage)
  const { findings, trial } = await answerRequest(portsOf(stage, via), requestOf(via, shape))
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

/** The ways of mapping that a fault is about: all where its name does not say. */
const isAbout = (name: string, via: Via): boolean => {
  if (name.startsWith('shm')) return via === 'shm'
  return !name.startsWith('mount') || via === 'file'
}

const namesFor = (via: Via): readonly string[] =>
  Object.keys(faults).filter((name) => isAbout(name, via))

/** Pairs of faults, each with one of the shapes in turn, and with all in a longer run. */
const pairsFor = (via: Via) => {
  const names = namesFor(via)
  const pairs = names.flatMap((name, index) => names.slice(index + 1).map((other) => [name, other]))
  return pairs.flatMap((pair, index) =>
    isLong
      ? shapes.map((shape) => [pair, shape] as const)
      : [[pair, shapes[index % shapes.length] ?? {}] as const],
  )
}

const isLong = process.env.HUGEPOOL_TEST_RUNS !== undefined

t.setTimeout(120_000)

for (const via of vias)
  t.test(`what is said of ${via} is what comes of it`, async (t) => {
    const alone = [[], ...namesFor(via).map((name) => [name])]
    const cases = [
      ...alone.flatMap((names) => shapes.map((shape) => [names, shape] as const)),
      ...pairsFor(via),
    ]
    const wrong: string[] = []
    for (const [names, shape] of cases) wrong.push(...(await differences(names, via, shape)))
    t.strictSame(wrong, [])
  })

t.test('both answers come often', async (t) => {
  t.ok((counts.yes ?? 0) > 150 && (counts.no ?? 0) > 1000, JSON.stringify(counts))
})
