import t from 'tap'
import { failureFacts, objectionOf } from '../../../src/errors.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { asUser, type NamedUser } from '../../../src/operations/doctor/as-user.ts'
import type { FoundSubject } from '../../../src/operations/doctor/found-subject.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

const root = temporary(t)
const tree = directoryTree(root)
scratch(root, {
  '/etc/passwd': 'root:x:0:0::/:/bin/sh\npg:x:70:71::/:/bin/sh\nbare:x:80:::/:/bin/sh\n',
  '/etc/group': 'root:x:0:\npg:x:71:\nhuge:x:50:root,pg\nmore:x:51:pg\nother:x:60:\n',
  '/proc/self/status': 'Name:\ttest\nCapBnd:\t00000000000000ff\n',
})

const identity = {
  user: 1000n,
  group: 1001n,
  groups: [5n],
  capabilities: 3n,
  ofMachine: false,
}

/** The subject of this process. */
const own: FoundSubject = {
  subject: { words: ' in the cgroup /db', process: 'self', hasBorrowedLimits: false },
  identity,
  limits: { memlock: 7n },
  space: { mapped: 9n },
  allowedNodes: [1],
}

const as = (named: Partial<NamedUser>, found = own) => asUser(tree, found, { groups: [], ...named })

const pg = { user: 70n, group: 71n, groups: [50n, 51n], capabilities: 0n, ofMachine: false }

t.test('another user has its own groups, no capabilities, and unknown limits', async (t) => {
  t.strictSame(as({ user: 'pg' }), {
    ...own,
    identity: pg,
    subject: {
      words: ' as pg in the cgroup /db',
      process: 'self',
      group: '71',
      hasBorrowedLimits: true,
    },
  })
  t.strictSame(as({ user: '70' }).identity, pg, 'by its number')
})

t.test('a user of a user namespace has its map of groups', async (t) => {
  const groupMap = [{ inside: 71n, outside: 5071n, count: 1n }]
  const inside = { ...own, identity: { ...identity, groupMap } }
  t.strictSame(as({ user: 'pg' }, inside).identity, { ...pg, groupMap })
})

t.test('a group in place of the usual one, and further ones', async (t) => {
  const { identity: found, subject } = as({ user: 'pg', group: 'other', groups: ['huge', '9'] })
  t.strictSame(found, { ...pg, group: 60n, groups: [50n, 51n, 50n, 9n] })
  t.strictSame(subject, {
    words: ' as pg in the cgroup /db',
    process: 'self',
    group: '60',
    hasBorrowedLimits: true,
  })
})

t.test('a user without a group has that of its number', async (t) => {
  const alone = { ...pg, user: 80n, group: 80n, groups: [] }
  t.strictSame(as({ user: 'bare' }).identity, alone)
  t.strictSame(as({ user: '81' }).identity, { ...alone, user: 81n, group: 81n })
})

t.test('root has what a program of root gets here', async (t) => {
  t.strictSame(as({ user: 'root' }).identity, {
    user: 0n,
    group: 0n,
    groups: [50n],
    capabilities: 0xffn,
    ofMachine: false,
  })
})

t.test('a group alone leaves the user as it is', async (t) => {
  t.strictSame(as({ group: 'other', groups: ['huge'] }), {
    ...own,
    identity: { ...identity, group: 60n, groups: [5n, 50n] },
    subject: {
      words: ' in the group other in the cgroup /db',
      process: 'self',
      group: '60',
      hasBorrowedLimits: false,
    },
  })
})

t.test('neither leaves the group as it is', async (t) => {
  t.strictSame(as({}).identity, identity)
})

t.test('the limits are known of the same user, and of a process with a number', async (t) => {
  const ofPg = { ...own, identity: pg }
  t.strictSame(as({ user: 'pg' }, ofPg).subject.hasBorrowedLimits, false)
  t.strictSame(as({ user: 'root' }, ofPg).subject.hasBorrowedLimits, true)
  const { subject, ...rest } = own
  const ofProcess = { ...rest, subject: { ...subject, process: '77' }, pid: 77 }
  t.strictSame(as({ user: 'pg' }, ofProcess), {
    ...ofProcess,
    identity: pg,
    subject: {
      words: ' as pg in the cgroup /db',
      process: '77',
      group: '71',
      hasBorrowedLimits: false,
    },
  })
})

t.test('a process that cannot be seen', async (t) => {
  const { identity: _, ...unseen } = own
  t.strictSame(as({ user: 'pg' }, unseen).identity, { ...pg, ofMachine: true })
  t.strictSame(as({ group: 'other', groups: ['huge'] }, unseen), {
    ...unseen,
    subject: {
      words: ' in the group other in the cgroup /db',
      process: 'self',
      hasBorrowedLimits: false,
    },
  })
})

t.test('names that are not there', async (t) => {
  const said = (named: Partial<NamedUser>) => objectionOf(() => as(named)).map(failureFacts)
  const hint = (kind: string) => `a ${kind} can be given by number too`
  const missing = (kind: string, name: string, path: string) => [
    {
      code: 'E_USAGE',
      reason: 'wrong-words',
      message: `there is no ${kind} '${name}' in ${path}`,
      hint: hint(kind),
      hints: [hint(kind)],
    },
  ]
  t.strictSame(said({ user: 'nobody' }), missing('user', 'nobody', '/etc/passwd'))
  t.strictSame(said({ group: 'none' }), missing('group', 'none', '/etc/group'))
  t.strictSame(said({ groups: ['none'] }), missing('group', 'none', '/etc/group'))
})
