import t from 'tap'
import { type MachineFacts, unmetBy, type When } from '../../../src/model/config/when.ts'
import { whenParsers } from '../../../src/model/config/when-words.ts'
import { G } from '../../helpers/sizes.ts'

const facts: MachineFacts = {
  host: () => 'DB-1',
  nodes: () => 2n,
  memory: () => 63n * G,
  arch: () => 'x86_64',
  virtualization: () => ['vm', 'kvm'],
}

const unseen: MachineFacts = {
  host: () => undefined,
  nodes: () => undefined,
  memory: () => undefined,
  arch: () => undefined,
  virtualization: () => undefined,
}

t.test('conditions that hold', async (t) => {
  const holding: readonly When[] = [
    {},
    { host: ['db-*'] },
    { host: ['web', 'db-?'] },
    { nodes: whenParsers.nodes(['2']) },
    { nodes: whenParsers.nodes(['1', '>=2']) },
    { nodes: whenParsers.nodes(['<=2']) },
    { nodes: whenParsers.nodes(['>1']) },
    { nodes: whenParsers.nodes(['<3']) },
    { memory: whenParsers.memory(['>=63G']) },
    { memory: whenParsers.memory(['<=63G']) },
    { memory: whenParsers.memory(['>64G', '<64G']) },
    { arch: ['aarch64', 'x86_64'] },
    { virtualization: ['vm'] },
    { virtualization: ['none', 'kvm'] },
    { host: ['db-1'], arch: ['x86_64'], virtualization: ['kvm'] },
  ]
  for (const when of holding) t.equal(unmetBy(when, facts), undefined)
})

t.test('the first condition that does not hold, and why', async (t) => {
  const failing: readonly (readonly [When, ReturnType<typeof unmetBy>])[] = [
    [{ host: ['web-*'] }, { key: 'host', why: "this host is 'DB-1'" }],
    [{ nodes: whenParsers.nodes(['1']) }, { key: 'nodes', why: 'this machine has 2 nodes' }],
    [{ nodes: whenParsers.nodes(['>2']) }, { key: 'nodes', why: 'this machine has 2 nodes' }],
    [{ nodes: whenParsers.nodes(['<2']) }, { key: 'nodes', why: 'this machine has 2 nodes' }],
    [{ memory: whenParsers.memory(['>=64G']) }, { key: 'memory', why: 'this machine has 63G' }],
    [{ memory: whenParsers.memory(['>63G']) }, { key: 'memory', why: 'this machine has 63G' }],
    [{ memory: whenParsers.memory(['<63G']) }, { key: 'memory', why: 'this machine has 63G' }],
    [{ arch: ['aarch64'] }, { key: 'arch', why: 'this machine is x86_64' }],
    [{ virtualization: ['none'] }, { key: 'virtualization', why: 'this machine is kvm' }],
    [
      { host: ['db-1'], arch: ['s390x'], virtualization: ['none'] },
      { key: 'arch', why: 'this machine is x86_64' },
    ],
  ]
  for (const [when, unmet] of failing) t.strictSame(unmetBy(when, facts), unmet)
  const one = { ...facts, nodes: () => 1n }
  t.strictSame(unmetBy({ nodes: whenParsers.nodes(['2']) }, one), {
    key: 'nodes',
    why: 'this machine has 1 node',
  })
})

t.test('what cannot be seen does not hold and does not fail', async (t) => {
  const asked: readonly (readonly [When, ReturnType<typeof unmetBy>])[] = [
    [{ host: ['*'] }, { key: 'host', unseen: 'the name' }],
    [{ nodes: whenParsers.nodes(['1']) }, { key: 'nodes', unseen: 'the number of nodes' }],
    [{ memory: whenParsers.memory(['>1G']) }, { key: 'memory', unseen: 'the memory' }],
    [{ arch: ['x'] }, { key: 'arch', unseen: 'the architecture' }],
    [{ virtualization: ['vm'] }, { key: 'virtualization', unseen: 'the virtualization' }],
  ]
  for (const [when, unmet] of asked) t.strictSame(unmetBy(when, unseen), unmet)
  t.equal(unmetBy({}, unseen), undefined, 'nothing is looked at that is not asked for')
})
