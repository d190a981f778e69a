import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alertsText } from '../../../src/model/telemetry/alert-rules.ts'
import { dashboard } from '../../../src/model/telemetry/dashboard.ts'
import { exportMetrics } from '../../../src/operations/telemetry/export-metrics.ts'
import { cgroupsOn } from '../../helpers/fake-cgroups.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { temporary } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'
import { watchPorts } from '../../helpers/watch-ports.ts'

const machine = () => {
  const kernel = fakeKernel({
    release: '6.12',
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size: 2n * M, persistent: { 0: 8n } }],
  })
  kernel.extra.set('/proc/self/mountinfo', '')
  return kernel
}

const gauge = (name: string, help: string, ...samples: readonly string[]) => [
  `# HELP hugepool_${name} ${help}`,
  `# TYPE hugepool_${name} gauge`,
  ...samples.map((sample) => `hugepool_${sample}`),
]

t.test('OpenMetrics of a machine', async (t) => {
  const { status, stdout, stderr } = await onFake(machine(), 'metrics')
  t.strictSame([status, stderr], [0, ''])
  const families = stdout.split('# HELP hugepool_').map((text) => text.split(' ')[0])
  t.strictSame(families.length, 1 + 1 + 7 * 2 + 4 * 2 + 3)
  t.strictSame(stdout.split('\n').slice(0, 8), [
    ...gauge(
      'page_size_bytes',
      'Bytes of one page of the pool.',
      'page_size_bytes{pagesize="2M"} 2097152',
      'page_size_bytes{pagesize="1G"} 1073741824',
    ),
    ...gauge(
      'pool_total_pages',
      'Pages in the pool, surplus included.',
      'pool_total_pages{pagesize="2M"} 8',
      'pool_total_pages{pagesize="1G"} 0',
    ),
  ])
  t.ok(stdout.endsWith('\n# EOF\n'), 'it ends once')
})

t.test('a counter is called otherwise in the text of Prometheus', async (t) => {
  const kernel = machine()
  cgroupsOn(kernel, {
    '/cgroup.subtree_control': 'hugetlb\n',
    '/a/hugetlb.2MB.current': '0\n',
    '/a/hugetlb.2MB.events.local': 'max 3\n',
  })
  const failures = async (more: string) => {
    const { stdout } = await onFake(kernel, `metrics --cgroups${more}`)
    return stdout.split('\n').filter((line) => line.includes('failures') && !line.includes('HELP'))
  }
  t.strictSame(await failures(''), [
    '# TYPE hugepool_cgroup_failures counter',
    'hugepool_cgroup_failures_total{cgroup="/a",pagesize="2M"} 3',
  ])
  t.strictSame(await failures(' --format openmetrics'), await failures(''))
  t.strictSame(await failures(' --format prometheus'), [
    '# TYPE hugepool_cgroup_failures_total counter',
    'hugepool_cgroup_failures_total{cgroup="/a",pagesize="2M"} 3',
  ])
})

t.test('holders only where they are asked for', async (t) => {
  const unexplained = async (line: string) =>
    /^hugepool_unexplained_pages.*/m.exec((await onFake(machine(), line)).stdout)?.[0]
  t.equal(await unexplained('metrics'), undefined)
  t.equal(await unexplained('metrics --holders'), 'hugepool_unexplained_pages{pagesize="2M"} 0')
})

t.test('what cannot be read is said, and the status tells it', async (t) => {
  const kernel = machine()
  kernel.extra.set('/proc/self/mountinfo', 'odd\n')
  const { status, stdout, stderr } = await onFake(kernel, 'metrics')
  t.strictSame(
    { status, stderr },
    {
      status: 64,
      stderr: lines('hugepool: /proc/self/mountinfo: unknown line "odd"'),
    },
  )
  t.match(stdout, 'hugepool_collector_success{collector="mounts"} 0\n')
})

t.test('into a file, which stays where there is nothing to write', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'a.prom')
  const write = (kernel = machine()) => onFake(kernel, ['metrics', '--output', file])
  const nothing = { status: 0, stdout: '', stderr: '' }
  t.strictSame(await write(), nothing)
  const text = readFileSync(file, 'utf8')
  t.match(text, /^# HELP hugepool_page_size_bytes /)
  t.notMatch(text, '# EOF')
  t.strictSame([statSync(file).mode & 0o7777, readdirSync(directory)], [0o644, ['a.prom']])
  writeFileSync(file, 'old')
  const broken = machine()
  broken.list = () => []
  broken.failRead('/proc/meminfo', 'ENOENT', 'always')
  t.equal((await write(broken)).status, 4)
  t.equal(readFileSync(file, 'utf8'), 'old')
})

t.test('a look that lacks a part is written, with a metric that tells it', async (t) => {
  const file = join(temporary(t), 'a.prom')
  writeFileSync(file, 'old')
  const kernel = machine()
  kernel.extra.delete('/proc/self/mountinfo')
  const { status, stdout, stderr } = await onFake(kernel, ['metrics', '--output', file])
  t.strictSame([status, stdout], [64, ''])
  const [why = '', ...rest] = stderr.split('\n')
  t.match(why, /^hugepool: \/proc\/self\/mountinfo: /)
  t.strictSame(rest, [`hugepool: ${file} is written without that`, ''])
  const successes = readFileSync(file, 'utf8').match(/^hugepool_collector_success\{.*$/gm)
  t.strictSame(successes, [
    'hugepool_collector_success{collector="pools"} 1',
    'hugepool_collector_success{collector="mounts"} 0',
    'hugepool_collector_success{collector="config"} 1',
  ])
  t.match(readFileSync(file, 'utf8'), '\nhugepool_pool_total_pages{pagesize="2M"} 8\n')
})

t.test('a file that was written is told before an error that follows', async (t) => {
  const file = join(temporary(t), 'a.prom')
  const deeds: (readonly string[])[] = []
  const did = (...deed: readonly string[]) => {
    deeds.push(deed)
  }
  const ports = { ...watchPorts(machine()), did }
  const request = { cgroups: false, holders: false, version: '1', output: file }
  const written = await exportMetrics(ports, request, async () => 'text\n')
  t.strictSame(
    [written, deeds, readFileSync(file, 'utf8')],
    [{ kind: 'written', words: [] }, [[file, `${file} written`]], 'text\n'],
  )
})

t.test('only into what node_exporter reads', async (t) => {
  const directory = temporary(t)
  for (const name of ['a', 'a.prom.txt', '.prom', 'a.PROM']) {
    const file = join(directory, name)
    t.strictSame(await onFake(machine(), ['metrics', '-o', file]), {
      status: 2,
      stdout: '',
      stderr: lines(
        `hugepool: '${file}' does not end with .prom`,
        'hint: the textfile collector of node_exporter reads no other files',
        "try 'hugepool metrics --help'",
      ),
    })
    t.notOk(existsSync(file))
  }
})

t.test('alerts and a dashboard, of no machine', async (t) => {
  const nothing = fakeKernel()
  nothing.read = () => {
    throw new Error('nobody reads')
  }
  t.strictSame(await onFake(nothing, 'metrics --alerts'), {
    status: 0,
    stdout: alertsText(),
    stderr: '',
  })
  const { status, stdout } = await onFake(nothing, 'metrics --dashboard')
  t.strictSame([status, JSON.parse(stdout)], [0, JSON.parse(JSON.stringify(dashboard()))])
  const document = parseExact((await onFake(nothing, 'metrics --alerts --json')).stdout)
  t.strictSame(document, { version: 1, alerts: alertsText() })
})

t.test('what excludes each other', async (t) => {
  for (const words of [
    '--alerts --dashboard',
    '--alerts --cgroups',
    '--dashboard --listen 1',
    '--output a.prom --format prometheus',
    '--output a.prom --listen 1',
    '--listen 1 --format prometheus',
    '--listen 1 --json',
    '--output a.prom --json',
  ]) {
    const { status, stderr } = await onFake(machine(), `metrics ${words}`)
    t.equal(status, 2, words)
    t.match(stderr, /exclude each other/, words)
  }
})
