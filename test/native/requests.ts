import t, { type Test } from 'tap'
import { mapZero, native, pageSize, touching } from '../helpers/mapping.ts'

/** Values that no number, object or list of a request may be. */
const wrong = [null, '1', {}, Symbol('1'), 1n, true, 0.5, -1, Number.NaN, Infinity, 2 ** 53]

const told = (value: unknown): string =>
  typeof value === 'symbol'
    ? 'symbol'
    : `${typeof value} ${JSON.stringify(value, (_, it) => (typeof it === 'bigint' ? `${it}` : it))}`

type Call = (...words: readonly unknown[]) => unknown

const refuses = (
  t: Test,
  call: Call,
  valid: object,
  values: Record<string, readonly unknown[]>,
) => {
  for (const [key, list] of Object.entries(values))
    for (const value of list)
      t.throws(() => call({ ...valid, [key]: value }), TypeError, `${key}: ${told(value)}`)
}

t.test('map and attachSegment', async (t) => {
  const segment = { bytes: pageSize, pageSize, noreserve: true }
  const place = {
    bytes: [...wrong, undefined, 0, 1, pageSize + 4096],
    pageSize: [...wrong, undefined, 0, 1, 2048, 3 * 4096, 2 ** 32 + 1],
    noreserve: [undefined, null, 0, 'false', {}],
    forks: [null, 0, 'true', {}],
    policy: [null, 1, 'bind', {}, { mode: 2 }, { mode: 2, nodes: [-1] }, { mode: '2', nodes: [] }],
  }
  const attach = native.attachSegment as Call
  refuses(t, attach, segment, place)
  const map = native.map as Call
  refuses(
    t,
    map,
    { ...segment, shared: true, populate: false },
    {
      ...place,
      shared: [undefined, null, 0, 'true'],
      populate: [undefined, null, 1],
      descriptor: [null, '3', -1, 0.5, 2 ** 32, 2 ** 31, Number.NaN],
    },
  )
  for (const value of [undefined, null, 1, 'request']) {
    t.throws(() => map(value), TypeError, told(value))
    t.throws(() => attach(value), TypeError, told(value))
  }
})

t.test('memfd', async (t) => {
  const memfd = native.memfd as Call
  for (const name of [undefined, null, 1, {}, 'a\0b'])
    t.throws(() => memfd(name, 2 ** 21), TypeError, told(name))
  for (const size of [...wrong, undefined, 0, 2048, 2 ** 21 + 1])
    t.throws(() => memfd('a', size), TypeError, told(size))
})

t.test('touch', async (t) => {
  const mapping = await mapZero(t, 8)
  const touch = mapping.touch.bind(mapping) as Call
  const pages = [...wrong, undefined]
  refuses(t, touch, touching(mapping), {
    from: [...pages, 9],
    to: [...pages, 9],
    threads: [...wrong, undefined, 0, 8193],
    cpus: [null, 1, {}, [-1], [0.5], ['0'], [8192], [0, null]],
    policy: [null, 1, [], { mode: 2, nodes: [1024] }],
    way: [undefined, null, '', 'touch', 'Store', 1],
    stuckSeconds: [undefined, null, '1', 0, -1, Number.NaN, Infinity, 1e9],
  })
  t.throws(() => touch(touching(mapping, { from: 5, to: 4 })), TypeError)
  for (const value of [undefined, null, 1, 'all']) t.throws(() => touch(value), TypeError)
  t.ok(
    mapping.nodes(0, 8).every((node) => node < 0),
    'no page was touched',
  )
})

t.test('write, verify and nodes', async (t) => {
  const mapping = await mapZero(t, 8)
  for (const name of ['write', 'verify', 'nodes'] as const) {
    const call = mapping[name].bind(mapping) as Call
    for (const value of [...wrong, undefined, 9]) {
      t.throws(() => call(value, 8), TypeError, `${name} from ${told(value)}`)
      t.throws(() => call(0, value), TypeError, `${name} to ${told(value)}`)
    }
    t.throws(() => call(5, 4), TypeError)
    if (name === 'nodes') continue
    for (const limits of [null, 1, {}, { threads: 1 }, { threads: 0, stuckSeconds: 1 }])
      t.throws(() => call(0, 8, limits), TypeError, `${name} ${told(limits)}`)
  }
})

t.test('a mapping cannot be made, nor its functions be borrowed', async (t) => {
  const mapping = await mapZero(t, 8)
  const Made = mapping.constructor as new () => object
  t.throws(() => new Made(), TypeError)
  t.throws(() => Reflect.apply(mapping.touched, {}, []), TypeError)
  t.throws(() => Reflect.apply(mapping.unmap, null, []), TypeError)
})

t.test('an exception of the caller is handed on', async (t) => {
  const mine = {
    get bytes() {
      throw new RangeError('mine')
    },
  }
  t.throws(() => (native.map as Call)(mine), { name: 'RangeError', message: 'mine' })
})
