import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import t from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'

/** Another build of it (memory.ts), or the usual one. */
const addon: Native = createRequire(import.meta.url)(
  process.env.HUGEPOOL_TEST_ADDON ?? '../../native/build/Release/hugepool.node',
)

const isRoot = process.geteuid?.() === 0

/** Real, effective and saved ids, and the other groups, of a thread of this process. */
const idsOf = (thread: number | string) => {
  const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8')
  const line = (name: string) => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1]?.trim()
  const three = (name: string) => line(name)?.split('\t').slice(0, 3).map(Number)
  return {
    users: three('Uid'),
    groups: three('Gid'),
    others: line('Groups'),
    capabilities: line('CapEff'),
  }
}

const codeOf = (error: unknown) => (error as { code?: string } | undefined)?.code

const self = () => idsOf(process.pid)

t.test('the groups of a user', async (t) => {
  t.ok(addon.groupsOf('root', 12345).includes(12345), 'the one that is given')
  t.strictSame(addon.groupsOf('nobody of this name', 7), [7])
})

t.test('arguments of the wrong kind', async (t) => {
  const untyped = (name: 'groupsOf' | 'actAs', ...args: readonly unknown[]): unknown =>
    Reflect.apply(addon[name], undefined, args)
  for (const args of [[], ['root'], ['root', -1], ['root', 2 ** 32 - 1], ['a\0b', 1], [1, 1]])
    t.throws(() => untyped('groupsOf', ...args), TypeError)
  for (const args of [
    [],
    [1],
    [1, 1],
    [1.5, 1, []],
    [1, 2 ** 32 - 1, []],
    [1, 1, [-1]],
    [1, 1, {}],
  ])
    t.throws(() => untyped('actAs', ...args), TypeError)
})

t.test('another user, and back', { skip: !isRoot && 'needs root' }, async (t) => {
  const before = self()
  const back = addon.actAs(65534, 12345, [12345, 7])
  const meanwhile = self()
  back()
  t.strictSame(meanwhile, {
    users: [65534, 65534, before.users?.[2]],
    groups: [12345, 12345, before.groups?.[2]],
    others: '7 12345',
    capabilities: '0000000000000000',
  })
  t.strictSame(self(), before)
})

t.test(
  'files are made, and refused, as that user',
  { skip: !isRoot && 'needs root' },
  async (t) => {
    const directory = t.testdir()
    const inside = `${directory}/closed`
    mkdirSync(inside, { mode: 0o700 })
    const back = addon.actAs(65534, 65534, [])
    let error: unknown
    try {
      closeSync(openSync(`${inside}/file`, 'w'))
    } catch (thrown) {
      error = thrown
    }
    back()
    t.equal(codeOf(error), 'EACCES')
    closeSync(openSync(`${inside}/file`, 'w'))
    rmSync(inside, { recursive: true })
  },
)

t.test('without privilege nothing changes', { skip: !isRoot && 'needs root' }, async (t) => {
  const back = addon.actAs(65534, 65534, [65534])
  const before = self()
  let error: unknown
  try {
    addon.actAs(1, 1, [1])
  } catch (thrown) {
    error = thrown
  }
  const after = self()
  back()
  t.equal(codeOf(error), 'EPERM')
  t.strictSame(after, before)
})

t.test('nobody becomes another user', { skip: isRoot && 'root may' }, async (t) => {
  const before = self()
  t.throws(() => addon.actAs(0, 0, []), { code: 'EPERM', syscall: 'setgroups' })
  t.strictSame(self(), before)
})
