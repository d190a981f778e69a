import t from 'tap'
import {
  checkRequest,
  type MappingRequest,
  parseProcesses,
  parseThreads,
  parseTouch,
  sharingOf,
  sharings,
  viaOf,
  vias,
} from '../../../src/model/mapping/mapping-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { mappingRequest } from '../../helpers/mapping-plan.ts'
import * as fc from '../../helpers/property.ts'

const numbers = [
  { parse: parseTouch, what: 'pages', least: 0n, most: 2n ** 52n },
  { parse: parseThreads, what: 'threads', least: 1n, most: 1024n },
  { parse: parseProcesses, what: 'processes', least: 1n, most: 64n },
] as const

t.test('numbers within their bounds', async (t) => {
  for (const { parse, what, least, most } of numbers) {
    for (const number of [least, least + 1n, most - 1n, most])
      t.equal(BigInt(parse(`${number}`)), number, `${number} ${what}`)
    for (const text of [`${most + 1n}`, `${least - 1n}`, '', ' 1', '1 ', '+1', '01', '0x1', '1e1'])
      t.throws(
        () => parse(text),
        {
          code: 'E_USAGE',
          message: `'${text}' is not a number of ${what}`,
          hint: `a whole number from ${least} to ${most}`,
        },
        `'${text}' ${what}`,
      )
  }
})

t.test('property: any text is refused or is the number that it shows', async () => {
  const near = fc.stringMatching(/^[-+ ]?[0-9]{0,24}[.eKx]?$/)
  fc.assert(
    fc.property(near, fc.constantFrom(...numbers), (text, { parse, least, most }) => {
      try {
        const number = BigInt(parse(text))
        return `${number}` === text && number >= least && number <= most
      } catch (error) {
        return (error as { code?: string }).code === 'E_USAGE'
      }
    }),
  )
})

const ofNodes = parseAssignment('2M=0:4,1:4')

const wholly = '--mempolicy bind:NODES binds the whole of it'

const untouched =
  '--verify and --frames look at pages that were touched, and --touch 0 touches none'

const contradictions: readonly (readonly [Partial<MappingRequest>, string, string?])[] = [
  [{ path: '/f', via: 'file' }, '--path is a way of mapping itself, so --via cannot be given'],
  [{ path: '/f', mount: '/m' }, '--path and --mount exclude each other'],
  [{ mount: '/m', via: 'memfd' }, '--mount is for --via file'],
  [{ mount: '/m', via: 'anon' }, '--mount is for --via file'],
  [
    { via: 'shm', sharing: 'private' },
    'a SysV segment is always shared, so --private cannot be given',
  ],
  [
    { via: 'shm', populate: true },
    '--populate is an option of mmap; a SysV segment is attached without it',
  ],
  [
    { policy: { mode: 'bind', nodes: [0] }, assignment: ofNodes },
    '--mempolicy is for one mapping, so no node can be named beside it',
  ],
  [
    { policy: { mode: 'interleave', nodes: [0, 1] }, nodes: 'all' },
    '--mempolicy is for one mapping, so no node can be named beside it',
  ],
  [
    { path: '/f', nodes: [0] },
    '--path is one mapping, so no node can be named for a part of it',
    wholly,
  ],
  [
    { processes: 2, via: 'memfd', assignment: ofNodes },
    '--processes share one mapping, so no node can be named for a part of it',
    wholly,
  ],
  [
    { processes: 2 },
    'processes cannot share an anonymous mapping',
    'give --via memfd, --via file or --via shm',
  ],
  [
    { processes: 2, via: 'anon', sharing: 'shared' },
    'processes cannot share an anonymous mapping',
    'give --via memfd, --via file or --via shm',
  ],
  [
    { processes: 2, via: 'file', sharing: 'private' },
    'a private mapping is not shared by --processes',
  ],
  [{ touch: 0n, verify: true }, untouched],
  [{ touch: 0n, frames: true }, untouched],
  ...['2M=+4', '2M=-4', '2M=+8M', '2M=0:4,1:-1'].map(
    (text) =>
      [
        { assignment: parseAssignment(text) },
        'a test maps a number of pages, so + and - mean nothing',
      ] as const,
  ),
]

t.test('what contradicts itself', async (t) => {
  for (const [rest, message, hint] of contradictions)
    t.throws(
      () => checkRequest(mappingRequest('2M=8', rest)),
      { code: 'E_USAGE', message, hint },
      message,
    )
})

t.test('what does not contradict itself is passed on as it is', async (t) => {
  const good: readonly Partial<MappingRequest>[] = [
    {},
    { via: 'shm', processes: 3 },
    { via: 'shm', sharing: 'shared' },
    { via: 'memfd', sharing: 'private' },
    { via: 'file', mount: '/m' },
    { mount: '/m', processes: 2 },
    { path: '/f', processes: 2, policy: { mode: 'bind', nodes: [0, 1] } },
    { path: '/f', sharing: 'private', populate: true },
    { assignment: ofNodes, via: 'memfd' },
    { assignment: parseAssignment('2M=max'), nodes: 'all' },
    { assignment: parseAssignment('2M=25%'), noreserve: true },
  ]
  for (const rest of good) {
    const request = mappingRequest('2M=8', rest)
    t.equal(checkRequest(request), request, JSON.stringify(Object.keys(rest)))
  }
})

t.test('what is mapped, and for whom, where nothing was said', async (t) => {
  for (const [rest, via, sharing] of [
    [{}, 'anon', 'private'],
    [{ sharing: 'shared' }, 'anon', 'shared'],
    [{ path: '/f' }, 'file', 'shared'],
    [{ mount: '/m' }, 'file', 'shared'],
    [{ mount: '/m', sharing: 'private' }, 'file', 'private'],
    [{ via: 'memfd' }, 'memfd', 'shared'],
    [{ via: 'shm' }, 'shm', 'shared'],
    [{ via: 'file' }, 'file', 'shared'],
  ] as const) {
    const request = mappingRequest('2M=8', rest)
    t.strictSame([viaOf(request), sharingOf(request)], [via, sharing], JSON.stringify(rest))
  }
})

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })

const wishes = fc
  .record({
    via: maybe(fc.constantFrom(...vias)),
    sharing: maybe(fc.constantFrom(...sharings)),
    path: maybe(fc.constant('/f')),
    mount: maybe(fc.constant('/m')),
    nodes: maybe(fc.constant('all' as const)),
    populate: fc.boolean(),
    processes: fc.integer({ min: 1, max: 3 }),
  })
  .map(
    (wish) =>
      Object.fromEntries(
        Object.entries(wish).filter(([, value]) => value !== undefined),
      ) as Partial<MappingRequest>,
  )

t.test('property: what passes can be carried out', async () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const request = mappingRequest('2M=8', wish)
      try {
        checkRequest(request)
      } catch (error) {
        return (error as { code?: string }).code === 'E_USAGE'
      }
      const via = viaOf(request)
      const sharing = sharingOf(request)
      const segment = via !== 'shm' || (sharing === 'shared' && !request.populate)
      const several = request.processes === 1 || (via !== 'anon' && sharing === 'shared')
      const file = (request.path ?? request.mount) === undefined || via === 'file'
      return segment && several && file
    }),
  )
})
