import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { PoolPlan } from '../../../src/model/pools/pool-plan.ts'
import {
  lastingDenied,
  persistedBy,
  planLasting,
  writeLasting,
} from '../../../src/operations/config/plan-lasting.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { answering } from '../../helpers/failing-files.ts'
import { dropIn, dropInHead, lastingStage } from '../../helpers/lasting-stage.ts'
import { global2M } from '../../helpers/on-fake.ts'
import { scratch } from '../../helpers/persist.ts'
import { treeCopy } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M
const asked = [{ size, attribute: 'persistent', requested: 9n }] as const
const keys = [{ key: 'pools.2M.pages', value: '9' }]

/** Plans nine pages for later starts of a machine of two nodes. */
const planned = (
  t: Test,
  files: Readonly<Record<string, string>> = {},
  settings: PoolPlan['settings'] = asked,
  dryRun = false,
) => {
  const stage = lastingStage(t, files)
  const deeds: string[] = []
  const ports = {
    tree: stage.kernel,
    watchSignals: () => {},
    did: (_: string, words: string) => deeds.push(words),
  } as unknown as Ports
  const plan = { steps: [], settings, notes: [], memoryMinimums: [] }
  return {
    ...stage,
    ports,
    deeds,
    lasting: planLasting(ports, plan, readMachine(stage.kernel), dryRun),
  }
}

t.test('a drop-in that is not there yet', async (t) => {
  const { ports, deeds, lasting, text } = planned(t)
  const { step, ...rest } = lasting
  t.strictSame(rest, {
    keys,
    pools: [{ size, pages: { counts: { kind: 'pages', sign: '', pages: 9n }, atLeast: false } }],
    overriddenBy: [],
  })
  t.equal(step?.path, dropIn)
  t.equal(text(), undefined)
  writeLasting(ports, lasting)
  t.equal(text(), `${dropInHead}\n[pools.2M]\npages = 9\n`)
  t.strictSame(deeds, [`${dropIn} written`], 'told where an error follows')
})

t.test('one that says the same already', async (t) => {
  const same = `${dropInHead}\n[pools.2M]\npages = 9\n`
  const { ports, lasting, text } = planned(t, { [dropIn]: same })
  t.strictSame([lasting.step, lasting.keys], [undefined, keys])
  writeLasting(ports, lasting)
  t.equal(text(), same)
  const { outcome, lines } = await persistedBy(ports, lasting)
  t.strictSame([outcome, lines], ['unchanged', []])
})

t.test('where nothing is asked for nothing is written', async (t) => {
  const { ports, lasting, text } = planned(t, {}, [])
  t.strictSame(lasting, { keys: [], pools: [], overriddenBy: [] })
  writeLasting(ports, lasting)
  t.strictSame([text(), lastingDenied(ports, lasting)], [undefined, undefined])
})

t.test('nodes that are not named have what the configuration names for them', async (t) => {
  const files = {
    '/etc/hugepool.toml': '[pools.1G]\npages = "0:1,1:2"\n[pools.2M]\npages = "1:77"\n',
  }
  const onNode = [{ size, node: 0, attribute: 'persistent', requested: 4n }] as const
  t.strictSame(planned(t, files, onNode).lasting.keys, [
    { key: 'pools.2M.pages', value: '0:4,1:77' },
  ])
})

t.test('what overrides it, and why it does not count', async (t) => {
  const later = '/usr/lib/hugepool.d/90-db.toml'
  const { ports, lasting } = planned(t, {
    [dropIn]: `${dropInHead}\n[when]\nnodes = 9\n`,
    [later]: '[pools.2M]\npages = 5\n',
    '/etc/hugepool.d/00-a.toml': '[when]\nnodes = 7\n',
  })
  const why = 'when.nodes in line 7: this machine has 2 nodes'
  t.equal(lasting.skipped, why)
  t.strictSame(
    lasting.overriddenBy.map(({ file, line }) => [file, line]),
    [[later, 2]],
  )
  const { overriddenBy, skipped } = await persistedBy(ports, lasting)
  t.strictSame([overriddenBy, skipped], [lasting.overriddenBy, why])
})

t.test('leftovers of a call that was ended go', async (t) => {
  const { ports, lasting, root } = planned(t, { '/etc/hugepool.d/.#hugepool-0000000a': 'half' })
  writeLasting(ports, lasting)
  t.notOk(existsSync(join(root, '/etc/hugepool.d/.#hugepool-0000000a')))
})

t.test('leftovers go where nothing is written, too', async (t) => {
  const half = '/etc/hugepool.d/.#hugepool-0000000a'
  const same = `${dropInHead}\n[pools.2M]\npages = 9\n`
  const { ports, lasting, root, text } = planned(t, { [dropIn]: same, [half]: 'half' })
  t.equal(lasting.step, undefined)
  writeLasting(ports, lasting)
  t.strictSame([text(), existsSync(join(root, half))], [same, false])
})

t.test('what keeps it from being written is known before', async (t) => {
  const stage = lastingStage(t)
  answering(t, `${stage.root}/etc`, 'EROFS', ['accessSync'])
  const ports = { tree: stage.kernel } as unknown as Ports
  const plan = { steps: [], settings: asked, notes: [], memoryMinimums: [] }
  const machine = readMachine(stage.kernel)
  t.throws(() => planLasting(ports, plan, machine, false), { code: 'E_PERMISSION' })
  const lasting = planLasting(ports, plan, machine, true)
  t.equal(lastingDenied(ports, lasting)?.code, 'E_PERMISSION')
})

const withService = (t: Test, files: Readonly<Record<string, string>>) => {
  const root = treeCopy(t, 'two-nodes')
  scratch(root, { '/etc/systemd/system/.keep': '', ...files })
  const tree = directoryTree(root)
  const ports = { tree } as unknown as Ports
  const plan = { steps: [], settings: asked, notes: [], memoryMinimums: [] }
  return persistedBy(ports, planLasting(ports, plan, readMachine(tree), false))
}

t.test('what is written, what applies it, and who sets it later', async (t) => {
  const { service, writers, lines, ...rest } = await withService(t, {
    '/etc/sysctl.d/a.conf': 'vm.nr_hugepages = 3\n',
  })
  t.strictSame(rest, { path: dropIn, outcome: 'done', keys, overriddenBy: [] })
  t.strictSame([service?.kind, service?.installed], ['systemd', 'absent'])
  t.strictSame(lines.at(-1)?.split('\n').slice(-3), ['[pools.2M]', 'pages = 9', 'END'])
  t.strictSame(writers, [], 'the service would override what comes before it')
  const later = await withService(t, {
    '/etc/tmpfiles.d/a.conf': `w ${global2M}/nr_hugepages - - - - 7\n`,
    '/etc/tmpfiles.d/b.conf': `w ${global2M}/nr_overcommit_hugepages - - - - 7\n`,
  })
  t.strictSame(
    later.writers.map(({ file, wins, agrees }) => ({ file, wins, agrees })),
    [{ file: '/etc/tmpfiles.d/a.conf', wins: true, agrees: false }],
  )
})

t.test('a machine of which no init is known', async (t) => {
  const { ports, lasting, root } = planned(t)
  chmodSync(root, 0o755)
  t.ok((await persistedBy(ports, lasting)).service)
  const bare = treeCopy(t, 'one-node')
  mkdirSync(join(bare, 'etc'), { recursive: true })
  writeFileSync(join(bare, 'etc/hugepool.toml'), 'version = 1\n')
  const there = { tree: directoryTree(bare) } as unknown as Ports
  t.notOk('service' in (await persistedBy(there, lasting)))
})
