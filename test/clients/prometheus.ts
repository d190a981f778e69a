import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { alertRules } from '../../src/model/telemetry/alert-rules.ts'
import { instanceVariable, panels } from '../../src/model/telemetry/dashboard.ts'
import { liveOn } from '../live/support/live.ts'
import { countsOf, setPoolAlone, sizeName, smallest } from '../live/support/machine.ts'
import { mounted } from '../live/support/mounted.ts'
import { readableCopy } from '../live/support/nobody.ts'
import { hugepool, hugepoolLine, pause, start, until } from '../live/support/program.ts'
import { temporaryDirectory } from '../live/support/trace.ts'
import { testRules } from './support/rule-tests.ts'
import {
  ask,
  labelValues,
  metricsFrom,
  onlyValue,
  recordedMachine,
  type Served,
  serve,
  startPrometheus,
} from './support/scraping.ts'

const live = liveOn('room')

const name = sizeName(smallest)

/** A port that nobody has at this moment. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  return port
}

/** Keeps pages in use until the test ends. */
const keepPages = async (pages: number): Promise<void> => {
  const line = [...hugepoolLine, 'test', `${name}=${pages}`, '--hold', '10m']
  const holding = start(line)
  await until('its pages', () => {
    if (holding.child.exitCode !== null) throw new Error(holding.errNow())
    return countsOf(smallest).total - countsOf(smallest).free === pages
  })
}

const end = async ({ running }: Served) => {
  running.child.kill('SIGTERM')
  return running.result
}

live('promtool has nothing to say', async (t) => {
  setPoolAlone(smallest, 4)
  await keepPages(2)
  const { top } = recordedMachine()
  for (const words of [
    ['--cgroups', '--holders'],
    ['--cgroups', '--sysroot', top],
  ]) {
    const { status, out } = await hugepool('metrics', '--format', 'prometheus', ...words)
    t.equal(status, 0)
    const check = spawnSync('promtool', ['check', 'metrics'], { input: out, encoding: 'utf8' })
    t.strictSame([check.status, check.stdout, check.stderr], [0, '', ''])
  }
})

/** A counter has the name of its family in the comments of OpenMetrics, and that of its samples in the older text. */
live('promtool reads the older text alone', async (t) => {
  const { top } = recordedMachine()
  const saidOf = async (...words: readonly string[]) => {
    const { out } = await hugepool('metrics', '--sysroot', top, ...words)
    const check = spawnSync('promtool', ['check', 'metrics'], { input: out, encoding: 'utf8' })
    return [check.status, check.stdout, check.stderr]
  }
  t.strictSame(await saidOf('--cgroups', '--format', 'prometheus'), [0, '', ''])
  t.strictSame(await saidOf(), [0, '', ''], 'without a counter they are the same')
  t.strictSame(await saidOf('--cgroups'), [3, '', 'hugepool_cgroup_failures_total no help text\n'])
})

live('Prometheus answers what the pool has while it is resized', async (t) => {
  setPoolAlone(smallest, 8)
  const served = await serve(['--cgroups', '--holders'])
  const { top, refuse } = recordedMachine()
  const recorded = await serve(['--cgroups', '--sysroot', top])
  const { url, checks } = await startPrometheus([served.target, recorded.target], await freePort())
  for (const { status, out, err } of checks) t.equal(status, 0, `${out}${err}`)

  const here = `instance="${served.target}",pagesize="${name}"`
  const began = performance.now()
  for (const pages of [12, 3, 20, 0, 9]) {
    t.equal((await hugepool('resize', `${name}=${pages}`)).status, 0)
    await pause(9000)
    t.equal(await onlyValue(url, `hugepool_pool_total_pages{${here}}`), pages)
    t.equal(await onlyValue(url, `hugepool_pool_available_bytes{${here}}`), pages * smallest)
    t.equal(await onlyValue(url, `sum(hugepool_node_free_pages{${here}})`), pages)
  }
  await keepPages(9)
  t.strictSame(await ask(url, 'hugepool_cgroup_failures_total{cgroup="/silent"}'), [])
  refuse('app', 4)
  refuse('silent', 3)
  await mounted()
  await pause(Math.max(5000, 60_000 - (performance.now() - began)))
  t.equal(await onlyValue(url, `hugepool_held_pages{${here},kind="mapping"}`), 9)
  t.equal(await onlyValue(url, `hugepool_unexplained_pages{${here}}`), 0)
  t.equal(await onlyValue(url, `min(min_over_time(up[50s]))`), 1, 'it was there all the time')
  const totals = await ask(url, `hugepool_pool_total_pages{${here}}[2m]`)
  const seen = (totals as unknown as { values: [number, string][] }[])[0]?.values ?? []
  t.strictSame(
    [...new Set(seen.map(([, value]) => Number(value)))].filter((pages) => pages !== 8),
    [12, 3, 20, 0, 9],
  )

  for (const rule of alertRules)
    t.not((await ask(url, rule.query)).length, 0, `${rule.name}: ${rule.query}`)
  const firing = await ask(url, 'ALERTS{alertname="HugepoolRefused"}')
  t.strictSame(
    firing.map(({ metric }) => `${metric.alertstate} ${metric.cgroup} ${metric.pagesize}`).sort(),
    ['firing /app 2M', 'firing /silent 2M'],
  )
  const instances = await labelValues(url, instanceVariable.query)
  t.strictSame(instances.toSorted(), [served.target, recorded.target].toSorted())
  for (const { title, queries } of panels)
    for (const { query } of queries) {
      const seriesOf = (instance: string) => ask(url, query.replaceAll('$instance', instance))
      const anywhere = await seriesOf(instanceVariable.allValue)
      t.not(anywhere.length, 0, `${title}: ${query}`)
      // Grafana takes the meaning from the characters of a value that have one.
      const parts = await Promise.all(
        instances.map((one) => seriesOf(one.replaceAll('.', String.raw`\\.`))),
      )
      t.strictSame(
        parts.map((part, at) => part.filter(({ metric }) => metric.instance !== instances[at])),
        [[], []],
        `${title} of one machine`,
      )
      t.equal(parts.flat().length, anywhere.length, `${title} of both machines`)
    }
  t.equal((await hugepool('overcommit', `${name}=2`)).status, 0)
  await pause(5000)
  const exhausted = alertRules.find((rule) => rule.name === 'HugepoolExhausted')?.query ?? ''
  t.strictSame(
    (await ask(url, exhausted)).filter(({ metric }) => metric.instance === served.target),
    [],
    'overcommit leaves room',
  )
  for (const one of [served, recorded]) {
    const { status, signal, out } = await end(one)
    t.strictSame({ status, signal, out }, { status: 0, signal: null, out: '' })
  }
})

const failures = (cgroup: string) =>
  `hugepool_cgroup_failures_total{instance="a",cgroup="${cgroup}",pagesize="2M"}`

/** The series of a pool of which no page is available. */
const emptyPool = (pagesize: string, overcommit: number, surplus: number) => {
  const counts = { total: 8, available: 0, overcommit, surplus }
  return Object.fromEntries(
    Object.entries(counts).map(([word, pages]) => [
      `hugepool_pool_${word}_pages{instance="a",pagesize="${pagesize}"}`,
      `${pages}+0x60`,
    ]),
  )
}

live('alerts fire when they say, and for whom', async (t) => {
  const refused = (cgroup: string) => ({ instance: 'a', cgroup, pagesize: '2M' })
  const drifted = { instance: 'a', key: 'pools.2M.pages' }
  const { status, out, err } = await testRules([
    {
      name: 'a cgroup whose series begins with its first refusal',
      series: { [failures('/a')]: '_x19 3+0x60' },
      alert: 'HugepoolRefused',
      fires: [[18], [21, refused('/a')], [33, refused('/a')], [40]],
    },
    {
      name: 'a cgroup that is refused again, and one that is not',
      series: { [failures('/a')]: '3+0x29 4+0x60', [failures('/b')]: '3+0x90' },
      alert: 'HugepoolRefused',
      fires: [[25], [31, refused('/a')], [50]],
    },
    {
      name: 'pools without a page, of which one has room for surplus pages',
      series: { ...emptyPool('2M', 4, 4), ...emptyPool('1G', 0, 0), ...emptyPool('64K', 4, 3) },
      alert: 'HugepoolExhausted',
      fires: [[9], [11, { instance: 'a', pagesize: '2M' }, { instance: 'a', pagesize: '1G' }]],
    },
    {
      name: 'a machine that differs from its configuration, and no longer does',
      series: { 'hugepool_config_drift{instance="a",key="pools.2M.pages"}': '1+0x20 0+0x20' },
      alert: 'HugepoolDrift',
      fires: [[4], [6, drifted], [20, drifted], [22]],
    },
  ])
  t.equal(status, 0, `${out}${err}`)
})

/** The lines of hugepool, without how long it took. */
const ownLines = (text: string): readonly string[] =>
  text.split('\n').filter((line) => /^hugepool_(?!collector_duration)/.test(line))

/** A line by its value and its labels in order: node_exporter sorts them, and drops those that are empty. */
const canonical = (line: string): string => {
  const [, family, labels = '', value] = /^(\w+)(?:\{(.*)\})? (.*)$/.exec(line) ?? []
  const sorted = (labels.match(/\w+="(?:\\.|[^"\\])*"/g) ?? []).filter(
    (one) => !one.endsWith('=""'),
  )
  return `${family} ${sorted.toSorted().join()} ${Number(value)}`
}

live('node_exporter shows the same from its file', async (t) => {
  setPoolAlone(smallest, 6)
  await keepPages(2)
  const directory = temporaryDirectory()
  const file = join(directory, 'hugepool.prom')
  t.equal((await hugepool('metrics', '--cgroups', '--holders', '--output', file)).status, 0)
  const port = await freePort()
  const exporter = start([
    'prometheus-node-exporter',
    '--collector.disable-defaults',
    '--collector.textfile',
    `--collector.textfile.directory=${directory}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ])
  const shown = () => metricsFrom(`127.0.0.1:${port}`).catch(() => '')
  let text = ''
  for (; text === ''; text = await shown())
    if (exporter.child.exitCode !== null) throw new Error(exporter.errNow())
  t.match(text, '\nnode_textfile_scrape_error 0\n')
  const written = readFileSync(file, 'utf8')
  t.strictSame(
    ownLines(text).map(canonical).toSorted(),
    ownLines(written).map(canonical).toSorted(),
  )
  t.match(text, `\nhugepool_pool_free_pages{pagesize="${name}"} 4\n`)
  t.equal((await hugepool('resize', `${name}=7`)).status, 0)
  t.equal((await hugepool('metrics', '--output', file)).status, 0)
  t.match(await shown(), `\nhugepool_pool_free_pages{pagesize="${name}"} 5\n`)
})

live('it is served without any privilege, and on a socket of systemd', async (t) => {
  setPoolAlone(smallest, 5)
  const total = `hugepool_pool_total_pages{pagesize="${name}"} 5\n`
  const directory = readableCopy()
  const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  const line = [...nobody, process.execPath, `${directory}/bin/hugepool.js`]
  chmodSync(directory, 0o755)
  const unprivileged = await serve(['--holders'], line)
  t.match(await metricsFrom(unprivileged.target), total)
  t.equal((await end(unprivileged)).status, 0)

  const at = `127.0.0.1:${await freePort()}`
  const passed = start([
    'systemd-socket-activate',
    '-l',
    at,
    ...hugepoolLine,
    'metrics',
    '--listen',
    '1',
  ])
  await until('the socket', () => /Listening/.test(passed.errNow()))
  t.match(await metricsFrom(at), total)
  t.match(passed.errNow(), `metrics are served at http://${at}/metrics`)
  passed.child.kill('SIGTERM')
  t.equal((await passed.result).status, 0)
})
