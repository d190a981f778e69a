import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hugepoolLine, type Running, root, run, start, until } from '../../live/support/program.ts'
import { temporaryDirectory } from '../../live/support/trace.ts'

/** Metrics that are served, and where. */
export interface Served {
  readonly running: Running
  readonly target: string
}

/** Starts hugepool as a server on a free port of loopback. */
export const serve = async (
  words: readonly string[],
  line: readonly string[] = hugepoolLine,
): Promise<Served> => {
  const running = start([...line, 'metrics', ...words, '--listen', '127.0.0.1:0'])
  const target = () => /http:\/\/(.*)\/metrics\n/.exec(running.errNow())?.[1]
  await until('its address', () => target() !== undefined)
  return { running, target: target() ?? '' }
}

export const metricsFrom = async (target: string): Promise<string> =>
  (await fetch(`http://${target}/metrics`)).text()

/**
 * A recorded machine that differs from its configuration, and has a cgroup with a limit, and one that tells
 * nothing until it is refused pages.
 */
export const recordedMachine = () => {
  const top = temporaryDirectory()
  cpSync(join(root, 'test/fixtures/trees/two-nodes'), top, { recursive: true })
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), text)
  }
  appendFileSync(
    join(top, 'proc/self/mountinfo'),
    '31 24 0:29 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  )
  write('proc/self/cgroup', '0::/\n')
  write('sys/fs/cgroup/cgroup.subtree_control', 'hugetlb\n')
  write('sys/fs/cgroup/app/hugetlb.2MB.current', '4194304\n')
  write('sys/fs/cgroup/app/hugetlb.2MB.max', '8388608\n')
  write('etc/hugepool.toml', '[pools.2M]\npages = 7\n')
  write('sys/fs/cgroup/silent/hugetlb.2MB.current', '0\n')
  write('sys/fs/cgroup/silent/hugetlb.2MB.max', 'max\n')
  const refuse = (group: 'app' | 'silent', times: number) =>
    write(`sys/fs/cgroup/${group}/hugetlb.2MB.events.local`, `max ${times}\n`)
  refuse('app', 1)
  refuse('silent', 0)
  return { top, refuse }
}

/** Starts Prometheus with the rules of `--alerts`, and has it fetch from all targets every second. */
export const startPrometheus = async (targets: readonly string[], port: number) => {
  const directory = temporaryDirectory()
  const rules = join(directory, 'hugepool.rules.yml')
  const settings = join(directory, 'prometheus.yml')
  const { out } = await run([...hugepoolLine, 'metrics', '--alerts'])
  writeFileSync(rules, out)
  const lines = [
    'global: { scrape_interval: 1s, evaluation_interval: 1s }',
    `rule_files: ['${rules}']`,
    'scrape_configs:',
    '  - job_name: hugepool',
    `    static_configs: [{ targets: [${targets.map((target) => `'${target}'`).join()}] }]`,
  ]
  writeFileSync(settings, `${lines.join('\n')}\n`)
  const checks = [
    await run(['promtool', 'check', 'rules', rules]),
    await run(['promtool', 'check', 'config', settings]),
  ]
  const running = start([
    'prometheus',
    `--config.file=${settings}`,
    `--storage.tsdb.path=${directory}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ])
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  for (let ready = false; !ready; ready = await isReady())
    if (running.child.exitCode !== null) throw new Error(running.errNow())
  return { url, checks }
}

/** One series of an answer: its labels, and the value as Prometheus writes it. */
interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

type Answer =
  | { readonly status: 'success'; readonly data: { readonly result: readonly Series[] } }
  | { readonly status: 'error'; readonly error: string }

/** What Prometheus answers to a query at this moment. */
export const ask = async (url: string, query: string): Promise<readonly Series[]> => {
  const words = new URLSearchParams({ query })
  const answer = (await (await fetch(`${url}/api/v1/query?${words}`)).json()) as Answer
  if (answer.status !== 'success') throw new Error(`${query}: ${answer.error}`)
  return answer.data.result
}

/** The values of a label, as a variable of Grafana asks for them: `label_values(metric, label)`. */
export const labelValues = async (url: string, query: string): Promise<readonly string[]> => {
  const [, metric = '', label] = /^label_values\((\w+), (\w+)\)$/.exec(query) ?? []
  const words = new URLSearchParams({ 'match[]': metric })
  const answer = await (await fetch(`${url}/api/v1/label/${label}/values?${words}`)).json()
  return (answer as { readonly data: readonly string[] }).data
}

/** The only value of a query; undefined where there is none. */
export const onlyValue = async (url: string, query: string): Promise<number | undefined> => {
  const [first, ...others] = await ask(url, query)
  if (others.length > 0) throw new Error(`${query} has several values`)
  return first && Number(first.value[1])
}
