import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { alertRules } from '../../src/model/telemetry/alert-rules.ts'
import { panels } from '../../src/model/telemetry/dashboard.ts'
import { liveOn } from '../live/support/live.ts'
import { countsOf, setPoolAlone, sizeName, smallest } from '../live/support/machine.ts'
import { mounted } from '../live/support/mounted.ts'
import { readableCopy } from '../live/support/nobody.ts'
import { hugepool, hugepoolLine, pause, start, until } from '../live/support/program.ts'
import { temporaryDirectory } from '../live/support/trace.ts'
import {
  ask,
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
    const { out } = await hugepool('metrics', '--cgroups', '--sysroot', top, ...words)
    const check = spawnSync('promtool', ['check', 'metrics'], { input: out, encoding: 'utf8' })
    return [check.status, check.stdout, check.stderr]
  }
  t.strictSame(await saidOf('--format', 'prometheus'), [0, '', ''])
  t.strictSame(await saidOf(), [3, '', 'hugepool_cgroup_failures_total no help text\n'])
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
  refuse(4)
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
  t.hasStrict(firing, [{ metric: { alertstate: 'firing', cgroup: '/app', pagesize: '2M' } }])
  for (const { title, queries } of panels)
    for (const { query } of queries) {
      const anywhere = query.replaceAll('$instance', '.*')
      t.not((await ask(url, anywhere)).length, 0, `${title}: ${query}`)
    }
  for (const one of [served, recorded]) {
    const { status, signal, out } = await end(one)
    t.strictSame({ status, signal, out }, { status: 0, signal: null, out: '' })
  }
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
