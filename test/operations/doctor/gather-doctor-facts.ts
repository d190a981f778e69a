import t from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import type { DoctorRequest } from '../../../src/model/doctor/doctor-request.ts'
import { planMapping } from '../../../src/model/mapping/mapping-plan.ts'
import type { MappingRequest, Via } from '../../../src/model/mapping/mapping-request.ts'
import type { FoundSubject } from '../../../src/operations/doctor/found-subject.ts'
import { gatherDoctorFacts } from '../../../src/operations/doctor/gather-doctor-facts.ts'
import { openStage, portsOf } from '../../helpers/doctor-stage.ts'
import { cpusOf, mappingRequest } from '../../helpers/mapping-plan.ts'
import { M } from '../../helpers/sizes.ts'

const own: FoundSubject = {
  subject: { words: '', process: 'self', hasBorrowedLimits: false },
  groups: { first: undefined, second: undefined, hasMemory: false },
  limits: {},
  space: {},
}

/** What is gathered on the open stage, or on another one. */
const gather = (
  words: string,
  more: Partial<MappingRequest> = {},
  found: Partial<FoundSubject> = {},
  stage = openStage,
) => {
  const ports = portsOf(stage, 'anon')
  const machine = readMachine(ports.tree)
  const asked = mappingRequest(words, more)
  const plan = planMapping(machine, asked, cpusOf(0))
  const request: DoctorRequest = {
    ...asked,
    about: 'mapping',
    subject: { kind: 'self' },
    fork: more.fork === true,
    tries: false,
  }
  return gatherDoctorFacts(ports, machine, plan, { ...own, ...found }, request)
}

const bound = { words: 'bind:1', policy: { mode: 'bind', nodes: [1] } } as const

t.test('the first mapping, and those after it', async (t) => {
  const { pages, fork } = gather('2M=0:3,1:2')
  t.strictSame(
    [pages.size, pages.wanted, pages.policy, pages.later, fork],
    [
      2n * M,
      3n,
      { mode: 'bind', nodes: [0] },
      [{ pages: 2n, policy: { mode: 'bind', nodes: [1] } }],
      false,
    ],
  )
  t.equal(gather('2M=4', { fork: true }).fork, true)
})

t.test('the policy that is there counts where none is asked for', async (t) => {
  const facts = gather('2M=4', {}, { policy: bound })
  t.strictSame([facts.held, facts.pages.policy], [bound, bound.policy])
  const asked = gather('2M=0:4', {}, { policy: bound })
  t.strictSame([asked.held, asked.pages.policy], [undefined, { mode: 'bind', nodes: [0] }])
  const none = gather('2M=4')
  t.strictSame([none.held, none.pages.policy], [undefined, undefined])
})

t.test('a policy that cannot be seen is told', async (t) => {
  const policy = { unseen: 'why' }
  t.strictSame(gather('2M=4', {}, { policy }).held, policy)
})

t.test('each way has the facts that it is about', async (t) => {
  const seen = (via: Via) => {
    const { segments, mount } = gather('2M=4', { via })
    return [segments !== undefined, mount !== undefined]
  }
  t.strictSame(seen('anon'), [false, false])
  t.strictSame(seen('memfd'), [false, false])
  t.strictSame(seen('shm'), [true, false])
  t.strictSame(seen('file'), [false, true])
})

t.test('a cgroup that cannot be told has no hierarchies', async (t) => {
  t.strictSame(gather('2M=4').hierarchies, {})
  const { groups: _, ...unseen } = own
  const ports = portsOf(openStage, 'anon')
  const machine = readMachine(ports.tree)
  const plan = planMapping(machine, mappingRequest('2M=4'), cpusOf(0))
  const request = { subject: { kind: 'self' }, fork: false } as DoctorRequest
  t.equal(gatherDoctorFacts(ports, machine, plan, unseen, request).hierarchies, undefined)
})
