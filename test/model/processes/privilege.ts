import t from 'tap'
import {
  hintsThatFit,
  type Privilege,
  reasonThatFits,
} from '../../../src/model/processes/privilege.ts'
import {
  asksForRoot,
  containerHint,
  etcRootHint,
  mountRootHint,
  rootHint,
  unmountRootHint,
} from '../../../src/model/words/root-hint.ts'
import * as fc from '../../helpers/property.ts'

const every = (1n << 41n) - 1n
const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages: permission denied'
const file = '/etc/fstab: permission denied'
const hints = [rootHint, mountRootHint, unmountRootHint, etcRootHint, containerHint]

const ofMachine = (user: bigint, capabilities = every): Privilege => ({
  user,
  ofMachine: true,
  rootOutside: 0n,
  capabilities,
})
const inNamespace: Privilege = { ...ofMachine(0n), ofMachine: false, rootOutside: 100_000n }

t.test('who is not root is told to become root', async (t) => {
  for (const hint of hints) t.equal(hintsThatFit(hint, pool, ofMachine(1000n, 0n)), hint)
})

t.test('root of a user namespace is told whose root it is, and what could be done', async (t) => {
  const whose = "this root is not the machine's (it is user 100000 outside of its user namespace); "
  const pools =
    'pools belong to the machine: run it outside of the container, or its manager would have to start it without a user namespace, and with /sys and /proc/sys writable'
  for (const [hint, message, advice] of [
    [rootHint, pool, pools],
    [rootHint, `2M: no; ${pool}`, pools],
    [containerHint, 'mount: read-only file system', pools],
    [rootHint, file, 'run it outside of the container'],
    [etcRootHint, file, 'run it outside of the container'],
    [
      mountRootHint,
      'mount /mnt: operation not permitted',
      'hugetlbfs cannot be mounted in a user namespace: mount it outside of the container, and have its manager bind-mount the directory',
    ],
    [
      unmountRootHint,
      '/mnt: operation not permitted',
      'only what was mounted in its user namespace can be unmounted there: run it outside of the container',
    ],
  ] as const)
    t.equal(hintsThatFit(hint, message, inNamespace), whose + advice)
})

t.test('who is not root there is told that its root would not help', async (t) => {
  const said = (privilege: Privilege) =>
    hintsThatFit(rootHint, file, { ...privilege, user: 7n }).split(';')[0]
  const whose = "root of this user namespace is not the machine's"
  t.equal(said(inNamespace), `${whose} (it is user 100000 outside of its user namespace)`)
  t.equal(
    said({ ...inNamespace, rootOutside: 0n }),
    `${whose} (it has no capabilities outside of its user namespace)`,
  )
  t.equal(said({ user: 7n, ofMachine: false, capabilities: every }), whose, 'nobody is its root')
})

t.test('root of the machine is told what it lacks, or that something else refuses', async (t) => {
  const withoutMount = ofMachine(0n, every & ~(1n << 21n))
  const lacks = 'this root lacks CAP_SYS_ADMIN: '
  t.ok(hintsThatFit(mountRootHint, '', withoutMount).startsWith(lacks))
  t.ok(hintsThatFit(unmountRootHint, '', withoutMount).startsWith(lacks))
  t.ok(hintsThatFit(rootHint, pool, withoutMount).startsWith('this is root already: '))
  t.ok(
    hintsThatFit(rootHint, file, ofMachine(0n, 1n << 21n)).startsWith(
      'this root lacks CAP_DAC_OVERRIDE: ',
    ),
  )
  t.match(hintsThatFit(etcRootHint, file, ofMachine(0n)), /^this is root already: .* lsattr\(1\)$/)
  t.equal(hintsThatFit(containerHint, pool, ofMachine(0n)), containerHint)
})

t.test('the capabilities that a message names are those that are told', async (t) => {
  const message =
    '--user 7: only root (CAP_SETUID and CAP_SETGID) may make the test as another user'
  const given = 'run it outside of the container or service, or give it the '
  for (const [capabilities, lacks, noun] of [
    [1n << 1n, 'CAP_SETGID and CAP_SETUID', 'capabilities'],
    [1n << 6n, 'CAP_SETUID', 'capability'],
    [1n << 7n, 'CAP_SETGID', 'capability'],
  ] as const)
    t.equal(
      hintsThatFit(rootHint, message, ofMachine(0n, capabilities)),
      `this root lacks ${lacks}: ${given}${noun}`,
    )
})

t.test('a user who was given capabilities is told which is missing', async (t) => {
  const user = (capabilities: bigint) => ofMachine(7n, capabilities)
  const lacks = (name: string) => `user 7 lacks ${name}: run it as root, or give it the capability`
  const [dac, admin] = [1n << 1n, 1n << 21n]
  t.equal(hintsThatFit(rootHint, pool, user(admin)), lacks('CAP_DAC_OVERRIDE'))
  t.equal(
    hintsThatFit(etcRootHint, file, user(admin)),
    `${lacks('CAP_DAC_OVERRIDE')}; if root may not either, see lsattr(1)`,
  )
  t.match(hintsThatFit(mountRootHint, '', user(dac)), lacks('CAP_SYS_ADMIN'))
  for (const [hint, message, has] of [
    [rootHint, pool, dac],
    [mountRootHint, '', admin],
    [rootHint, '/proc/sys/vm/hugetlb_shm_group: permission denied', admin],
    [containerHint, pool, admin],
  ] as const)
    t.equal(hintsThatFit(hint, message, user(has)), hint, 'what it has is not missing')
})

t.test('the reason is another one where nobody can become root', async (t) => {
  t.equal(reasonThatFits('not-root', ofMachine(1000n, 0n)), 'not-root')
  t.equal(reasonThatFits('not-root', ofMachine(0n)), 'forbidden')
  t.equal(reasonThatFits('not-root', inNamespace), 'user-namespace')
  t.equal(reasonThatFits('not-root', { ...inNamespace, user: 7n }), 'user-namespace')
  for (const privilege of [ofMachine(1000n, 0n), ofMachine(0n), inNamespace])
    t.equal(reasonThatFits('short', privilege), 'short')
})

t.test('other hints stay, in their places', async (t) => {
  const text = `one\n${rootHint}\ntwo`
  const [first, second = '', third] = hintsThatFit(text, file, inNamespace).split('\n')
  t.strictSame([first, third], ['one', 'two'])
  t.ok(second.startsWith('this root is not'))
})

t.test('nobody who is root, or is in a user namespace, is told to become root', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...hints),
      fc.constantFrom(pool, file),
      fc.bigInt(0n, 2n),
      fc.boolean(),
      fc.bigInt(0n, every),
      (hint, message, user, machine, capabilities) => {
        const privilege = { user, ofMachine: machine, capabilities }
        const said = hintsThatFit(hint, message, privilege)
        return (machine && (user !== 0n || hint === containerHint)) || !asksForRoot(said)
      },
    ),
  )
})
