import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { readTaskPolicy } from '../../../src/kernel/processes/read-task-policy.ts'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'

/** A tree of which one file is there, or answers with an error. */
const treeWith = (path: string, answer: string): Tree =>
  ({
    read: (asked: string) => {
      if (asked !== path) throw Object.assign(new Error(asked), { code: 'ENOENT' })
      if (/^E[A-Z]+$/.test(answer)) throw Object.assign(new Error(answer), { code: answer })
      return answer
    },
  }) as unknown as Tree

const bound = { words: 'bind:1', policy: { mode: 'bind', nodes: [1] } }

t.test('the policy of this process and of another one', async (t) => {
  const text = '7ffc0000 bind:1 stack anon=1\n'
  t.strictSame(readTaskPolicy(treeWith('/proc/self/numa_maps', text)), bound)
  t.strictSame(readTaskPolicy(treeWith('/proc/77/numa_maps', text), '77'), bound)
})

t.test('a kernel that shows none, a process that is gone, and one that is closed', async (t) => {
  const path = '/proc/77/numa_maps'
  t.equal(readTaskPolicy(treeWith(path, ''), '78'), undefined)
  t.equal(readTaskPolicy(treeWith(path, 'ESRCH'), '77'), undefined)
  for (const errno of ['EACCES', 'EPERM'])
    t.strictSame(readTaskPolicy(treeWith(path, errno), '77'), { unseen: `${path} may not be read` })
  t.throws(() => readTaskPolicy(treeWith(path, 'EMFILE'), '77'), HugepoolError)
})

t.test('where one node alone has memory nothing is read', async (t) => {
  const path = '/sys/devices/system/node/has_memory'
  const own = '/proc/self/numa_maps'
  const seen = (nodes: string) => {
    const reads: string[] = []
    const read = (asked: string) => {
      reads.push(asked)
      return asked === path ? nodes : '7ffc0000 bind:1 stack anon=1\n'
    }
    return { policy: readTaskPolicy({ read } as unknown as Tree), reads }
  }
  t.strictSame(seen('1\n'), { policy: undefined, reads: [path] })
  t.strictSame(seen('0-1\n'), { policy: bound, reads: [path, own] })
})

t.test('this kernel', async (t) => {
  t.not(readTaskPolicy(directoryTree('/')), { unseen: '/proc/self/numa_maps may not be read' })
})
