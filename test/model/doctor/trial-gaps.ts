import t from 'tap'
import { type ProcessTraits, trialGaps } from '../../../src/model/doctor/trial-gaps.ts'
import type { Via } from '../../../src/model/mapping/mapping-request.ts'
import { dacOverride, ipcLock, plainUser } from '../../helpers/doctor-facts.ts'

const root = { ...plainUser, user: 0n, capabilities: ipcLock | dacOverride }

/** What root has that makes the test, and a process that has nothing of its own. */
const here: ProcessTraits = { limits: {}, space: {}, allowedNodes: [0, 1], identity: root }
const usual: ProcessTraits = { ...here, identity: plainUser }

const shared = { ipc: true, user: true }

const names = (
  process: Partial<ProcessTraits>,
  rest: Partial<ProcessTraits> = {},
  namespaces = shared,
  via: Via = 'anon',
): string => trialGaps({ ...usual, ...process }, { ...here, ...rest }, namespaces, via).join(', ')

t.test('a process like any other', async (t) => {
  t.equal(names({}), '')
  t.equal(names({ identity: root }), '')
})

t.test('limits', async (t) => {
  t.equal(names({ limits: { addressSpace: 1n, dataSize: 1n } }), 'RLIMIT_AS, RLIMIT_DATA')
  const same = { addressSpace: 9n, dataSize: 9n }
  t.equal(names({ limits: same }, { limits: same }), 'RLIMIT_AS, RLIMIT_DATA', 'use differs')
  t.equal(names({}, { limits: same }), 'RLIMIT_AS, RLIMIT_DATA')
  const most = { addressSpace: 'unlimited', dataSize: 'unlimited' } as const
  t.equal(names({ limits: most }, { limits: most }), '')
  const locked = { fileSize: 5n, memlock: 'unlimited' } as const
  t.equal(names({ limits: locked }), 'RLIMIT_FSIZE, RLIMIT_MEMLOCK')
  t.equal(names({ limits: locked }, { limits: locked }), '')
})

t.test('mappings, nodes and policies', async (t) => {
  t.equal(names({ space: { mappings: 51n, mostMappings: 100n } }), 'mappings')
  t.equal(names({ space: { mappings: 50n, mostMappings: 100n } }), '')
  t.equal(names({ allowedNodes: [0] }), 'cpuset')
  const bound = { words: 'bind:0' }
  t.equal(names({ policy: bound }), 'memory policy')
  t.equal(names({ policy: bound }, { policy: { words: 'bind:0' } }), '')
  t.equal(names({ policy: { unseen: 'why' } }, { policy: bound }), 'memory policy')
})

t.test('capabilities that a user loses, and that root does not have', async (t) => {
  t.equal(names({ identity: { ...plainUser, capabilities: ipcLock } }), 'capabilities')
  t.equal(names({ identity: { ...plainUser, capabilities: dacOverride } }), 'capabilities')
  t.equal(names({ identity: { ...root, capabilities: ipcLock } }), 'capabilities')
  const { identity: _, ...unseen } = here
  t.equal(trialGaps(unseen, here, shared, 'anon').join(), '')
  t.equal(trialGaps({ ...usual, identity: root }, unseen, shared, 'anon').join(), 'capabilities')
})

t.test('namespaces, by what they are about', async (t) => {
  const apart = { ipc: false, user: false }
  const by = (via: Via) => names({}, {}, apart, via)
  t.equal(by('anon'), '')
  t.equal(by('memfd'), '')
  t.equal(by('file'), 'user namespace')
  t.equal(by('shm'), 'user namespace, IPC namespace')
})
