import t from 'tap'
import { refused } from '../../../src/errors.ts'
import { present } from '../../../src/model/words/present.ts'
import {
  configChangeDocument,
  itemDocument,
  nextBootDocument,
  skippedDocument,
  unnamedDocument,
} from '../../../src/output/config/item-document.ts'
import {
  configChangePart,
  itemPart,
  unnamedPart,
} from '../../../src/output/schemas/desired-schema.ts'
import { G, M } from '../../helpers/sizes.ts'

const error = refused('busy', 'no', 'later')
const told = {
  code: 'E_REFUSED',
  reason: 'busy',
  message: 'no',
  hint: 'later',
  hints: ['later'],
}

t.test('an item, with its position', async (t) => {
  const position = { file: '/etc/hugepool.toml', line: 7, key: 'pools.2M.pages' }
  const document = itemDocument(new Map([['pools.2M.pages', position]]))
  const item = {
    attribute: 'persistent',
    size: 2n * M,
    node: 1,
    key: 'pools.2M.pages',
    wanted: 512n,
    atLeast: true,
    found: 480n,
    state: 'short',
    why: 'too few',
    possible: 500n,
    essential: true,
  } as const
  t.strictSame(itemPart.parse(present(document(item))), {
    attribute: 'persistent',
    pageSize: 2n * M,
    node: 1,
    key: 'pools.2M.pages',
    essential: true,
    atLeast: true,
    wanted: 512n,
    found: 480n,
    state: 'short',
    why: 'too few',
    possible: 500n,
    file: '/etc/hugepool.toml',
    line: 7,
  })
  const mount = {
    attribute: 'mount',
    target: '/mnt/a',
    key: 'mounts."/mnt/a"',
    wanted: { options: [{ option: 'pagesize', text: '2M' }] },
    state: 'missing',
    essential: true,
  } as const
  t.strictSame(itemPart.parse(present(document(mount))), {
    attribute: 'mount',
    target: '/mnt/a',
    key: 'mounts."/mnt/a"',
    essential: true,
    wanted: 'pagesize=2M',
    state: 'missing',
  })
})

t.test('a change', async (t) => {
  const change = {
    attribute: 'demote-size',
    size: G,
    key: 'pools.1G.demote-size',
    essential: false,
    before: { bytes: 2n * M },
    requested: { bytes: M },
    after: { bytes: 2n * M },
    outcome: 'partial',
    error,
  } as const
  t.strictSame(configChangePart.parse(present(configChangeDocument(change))), {
    attribute: 'demote-size',
    pageSize: G,
    key: 'pools.1G.demote-size',
    essential: false,
    before: 2n * M,
    requested: M,
    after: 2n * M,
    outcome: 'partial',
    error: told,
  })
})

t.test('lists that are absent where they are empty', async (t) => {
  t.strictSame([unnamedDocument([]), skippedDocument([])], [undefined, undefined])
  const [done, busy] =
    unnamedDocument([
      { target: '/mnt/a', isPruned: true },
      { target: '/mnt/b', isPruned: false, error },
    ]) ?? []
  t.strictSame(
    [done, busy].map((one) => unnamedPart.parse(present(one ?? {}))),
    [
      { target: '/mnt/a', pruned: true },
      { target: '/mnt/b', pruned: false, error: told },
    ],
  )
  t.strictSame(skippedDocument([{ file: '/a', why: 'b' }]), [{ file: '/a', why: 'b' }])
})

t.test('what only another start brings', async (t) => {
  const named = { attribute: 'cma', key: 'boot.cma', wanted: '1G', essential: true } as const
  t.strictSame(nextBootDocument([{ ...named, state: 'ok' }]), { rebootRequired: false })
  t.strictSame(nextBootDocument([{ ...named, state: 'next-boot' }]), {
    rebootRequired: true,
    nextBoot: ['boot.cma'],
  })
})
