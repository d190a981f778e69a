import t from 'tap'
import { mappedPath, typedMapping } from '../../src/cli/typed-mapping.ts'
import { objectionOf } from '../../src/errors.ts'
import { parseAssignment } from '../../src/model/words/assignment.ts'

interface Typed {
  readonly operands?: readonly string[]
  readonly values?: Readonly<Record<string, string>>
  readonly switches?: readonly string[]
}

const read = ({ operands = ['2M=4'], values = {}, switches = [] }: Typed = {}) =>
  typedMapping({ operands, values, switches: new Set(switches) })

const usual = {
  assignment: parseAssignment('2M=4'),
  populate: false,
  noreserve: false,
  processes: 1,
}

t.test('without an assignment there is no mapping', async (t) => {
  t.equal(read({ operands: [] }), undefined)
  t.strictSame(read(), usual)
})

t.test('every option is read', async (t) => {
  const values = {
    node: '0-1',
    mempolicy: 'bind:1',
    via: 'file',
    mount: '/mnt/huge',
    processes: '3',
  }
  t.strictSame(read({ values, switches: ['populate', 'noreserve', 'private'] }), {
    ...usual,
    nodes: [0, 1],
    policy: { mode: 'bind', nodes: [1] },
    via: 'file',
    sharing: 'private',
    mount: '/mnt/huge',
    populate: true,
    noreserve: true,
    processes: 3,
  })
  t.strictSame(read({ switches: ['shared'] }), { ...usual, sharing: 'shared' })
  for (const via of ['anon', 'memfd', 'shm'])
    t.strictSame(read({ values: { via } }), { ...usual, via })
})

t.test('a path may be empty, and has no octet 0', async (t) => {
  t.equal(mappedPath(''), '')
  t.equal(mappedPath('/a b'), '/a b')
  t.strictSame(
    objectionOf(() => mappedPath('a\0b')).map(({ code }) => code),
    ['E_USAGE'],
  )
})
