import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadAllCommands } from '../src/cli/commands.ts'
import type { Result } from './helpers/caught.ts'
import { cgroupsOn } from './helpers/fake-cgroups.ts'
import { fakeKernel } from './helpers/fake-kernel/fake-kernel.ts'
import { hugeDirectory } from './helpers/huge-directory.ts'
import { lastingStage } from './helpers/lasting-stage.ts'
import { type Example, examplesOf, hugepoolWords, pageNames } from './helpers/manual-pages.ts'
import {
  type KernelStage,
  type MountStage,
  mountedOn,
  onCopies,
  onKernel,
  onRecording,
  scarceMachine,
  smallMachine,
} from './helpers/manual-stages.ts'
import { node2M, onFake } from './helpers/on-fake.ts'
import { temporary } from './helpers/run.ts'
import { serviceMachine } from './helpers/service-machine.ts'
import { G, M } from './helpers/sizes.ts'
import { tunedStage } from './helpers/tuned-stage.ts'

const commands = await loadAllCommands()

// Every line behind a prompt in a manual page, and every example of the help, is run: its words
// within this process, on a fake kernel or on a copy of a recorded machine, and the whole line by
// bash, in which `hugepool` prints what came of it. A mount is a dry run.

interface Staged extends KernelStage, MountStage {
  /** The exit status of a line that is meant to fail. */
  readonly status?: number
  /** False where the words are about processes that the stage does not have. */
  readonly compare?: false
}

const mounted: Staged = { mounts: [mountedOn('/mnt/huge')] }
const small: Staged = { machine: smallMachine }

/** Lines that need another stage than the usual one, or fail, in the order of the pages. */
const special: Readonly<Record<string, readonly (Staged | undefined)[]>> = {
  'hugepool demote 1G=1': [undefined, { status: 1, prepare: (kernel) => kernel.map(G, 8n) }],
  'hugepool demote 1G=1 --to 2M --dry-run': [{ tree: 'arm64-4k' }],
  'hugepool overcommit 1G=1': [{ status: 4, machine: { release: '6.18' } }],
  'hugepool resize 2M=200 --node 0-1': [
    {
      status: 64,
      machine: { pools: [{ size: 2n * M, persistent: { 0: 64n, 1: 32n } }] },
      prepare: (kernel) => kernel.limitGrowth(`${node2M(1)}/nr_hugepages`, 0n),
    },
  ],
  'hugepool resize 2M=0': [{ status: 64, prepare: (kernel) => kernel.map(2n * M, 20n).touch(12n) }],
  'hugepool resize 2M=100000': [{ status: 1 }],
  'hugepool test 2M=3': [small],
  'hugepool test 2M=6': [{ ...small, status: 1 }],
  'hugepool test 2M=6 --noreserve --threads 1': [{ ...small, status: 64 }],
  'hugepool test 2M=4G --user postgres --cgroup /system.slice/postgresql.service': [
    {
      prepare: (kernel) => {
        cgroupsOn(kernel)
        kernel.extra.set('/etc/passwd', 'postgres:x:70:70::/:/bin/false\n')
      },
    },
  ],
  'hugepool mount /mnt/huge1g --mkdir --pagesize 1G --size 4G --min-size 2G': [
    { mounts: [], status: 1 },
  ],
  'hugepool mount /mnt/huge --size 64M': [{ ...mounted, status: 1, compare: false }],
  'hugepool mount /mnt/huge --remount --options ro': [mounted],
  'hugepool cp model.bin /mnt/huge --dry-run': [{ machine: scarceMachine, status: 1 }],
  "hugepool boot --check --kernel all --line 'hugepagesz=1G hugepages=0:2,1:2'": [{ status: 5 }],
  "hugepool boot --install --dry-run --line 'hugepagesz=1G hugepages=0:2,1:2'": [{ status: 5 }],
  'hugepool who --mount /mnt/huge': [{ mounts: [], status: 4, compare: false }],
  'hugepool umount /mnt/huge': [
    mounted,
    { ...mounted, status: 1, umount: 'EBUSY', compare: false },
  ],
}

const seen = new Map<string, number>()

const stageOf = (line: string): Staged => {
  const nth = seen.get(line) ?? 0
  seen.set(line, nth + 1)
  return special[line]?.[nth] ?? (/ umount /.test(line) ? mounted : { mounts: [] })
}

/** A machine without mounts, on which there is a user. */
const unmounted: Staged = {
  mounts: [],
  prepare: (kernel) => kernel.extra.set('/etc/passwd', 'nobody:x:65534:65534::/:/bin/false\n'),
}

/** What is asked of a service is asked of one that is there. */
const onInstalled = async (t: Test, words: readonly string[]): Promise<Result> => {
  const { hugepool } = serviceMachine(t)
  if (words.length === 1) await hugepool('service install')
  return hugepool(words.join(' '))
}

/** A machine that is as its configuration wants it, and the same in a file that is not installed. */
const onConfigured = (t: Test, words: readonly string[]): Promise<Result> => {
  const text = '[pools.2M]\npages = 8\n'
  const file = join(temporary(t), 'new.toml')
  writeFileSync(file, text)
  const line = words.map((word) => (word === 'new.toml' ? file : word)).join(' ')
  return lastingStage(t, { '/etc/hugepool.toml': text }).hugepool(line)
}

/** Files are written to a directory of the test, and what is served ends at once, on a free port. */
const onScraped = (t: Test, words: readonly string[]): Promise<Result> => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/self/mountinfo', '')
  return onFake(
    kernel,
    words.map((word) => {
      if (word.endsWith('.prom')) return join(temporary(t), 'hugepool.prom')
      return /(?:^|:)9786$/.test(word) ? '0' : word
    }),
    { watchSignals: () => ({ pending: () => 'SIGTERM', end: () => {} }) },
  )
}

type OwnStage = (t: Test, words: readonly string[], stage: Staged) => Promise<Result>

/** With the shortest interval. */
const soon = (words: readonly string[]): readonly string[] =>
  words.map((word, index) => (words[index - 1] === '--interval' ? '100ms' : word))

/** The commands that are about something of their own. */
const stages: Readonly<Record<string, OwnStage>> = {
  mounts: (t, words) => onRecording(t, words),
  export: (t, words) => onRecording(t, words),
  cp: onCopies,
  service: onInstalled,
  tune: (t, words) => tunedStage(t).run(words),
  apply: onConfigured,
  check: onConfigured,
  metrics: onScraped,
  files: (t, words) => hugeDirectory(t, ['rtemap_0']).run(words.join(' ')),
  // Without an end it would go on, and from one look to the next it waits.
  watch: (_, words, stage) =>
    onKernel([...soon(words), ...(words.includes('--count') ? [] : ['--count', '1'])], stage),
}

const resultOf = (t: Test, line: string, stage: Staged): Promise<Result> => {
  const words = hugepoolWords(line) ?? []
  const dryRun = words[0] === 'mount' && !words.includes('--dry-run') ? ['--dry-run'] : []
  const own = stages[words[0] ?? '']
  if (own !== undefined) return own(t, words, stage)
  if (words.includes('--persist') && !/mount/.test(words[0] ?? ''))
    return lastingStage(t).hugepool(words.join(' '))
  if (stage.tree !== undefined) return onRecording(t, words, stage)
  return /mount/.test(words[0] ?? '')
    ? onRecording(t, [...words, ...dryRun], stage)
    : onKernel(words, stage)
}

/** A line of plain words, which every shell takes for what it is. */
const isPlain = (line: string): boolean => /^hugepool [\w ./:,=+-]+$/.test(line)

/** test/clients/prometheus.ts has this line read by promtool itself. */
const readers = 'promtool() { [ "$*" = "check metrics" ] && cat >/dev/null; }'

/** Runs the whole line by bash, with what hugepool printed and its exit status. */
const statusInBash = (t: Test, line: string, { status, stdout }: Result) => {
  if (isPlain(line)) return { whole: status, stderr: '' }
  const file = join(temporary(t), 'printed')
  writeFileSync(file, stdout)
  const elsewhere = line.replace(/ ([<>]) \S+$/, ' $1 /dev/null')
  const script = `set -o pipefail; hugepool() { cat '${file}'; return ${status}; }; ${readers}; ${elsewhere}`
  const { status: whole, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
  return { whole, stderr }
}

/** A line without its numbers and the widths of its columns, which depend on the machine. */
const shape = (line: string | undefined): string =>
  (line ?? '').replaceAll(/[0-9]+(\.[0-9]+)?[KMGT]?/g, '#').replaceAll(/ +/g, ' ')

const isWords = (line: string): boolean => /^(hugepool|hint): ?/.test(line)

const check = async (t: Test, { line, shown }: Pick<Example, 'line' | 'shown'>) => {
  const stage = stageOf(line)
  const result = await resultOf(t, line, stage)
  const { status = 0 } = stage
  t.equal(result.status, status, `${line}: ${result.stderr}`)
  const { whole, stderr } = statusInBash(t, line, result)
  t.strictSame([whole, stderr], [status, ''], `${line} as a whole`)
  if (stage.compare === false || line.includes('|')) return
  const [data] = shown.filter((text) => !isWords(text))
  if (data !== undefined && data !== '')
    t.equal(shape(result.stdout.split('\n')[0]), shape(data), `${line}: its first line is as shown`)
  if (status === 0) return
  const [words] = shown.filter(isWords)
  const said = result.stderr.split('\n').map(shape)
  t.ok(said.includes(shape(words)), `'${words}' is among '${result.stderr}'`)
}

for (const page of pageNames)
  t.test(page, async (t) => {
    const examples = examplesOf(page)
    t.ok(examples.length > 0, 'it has examples')
    for (const example of examples) await check(t, example)
  })

t.test('every special line is in a page, as often as it is here', async (t) => {
  for (const [line, stages] of Object.entries(special)) t.equal(seen.get(line), stages.length, line)
})

t.test('the examples of the help', async (t) => {
  for (const { examples } of commands)
    for (const { line } of examples) {
      const stage = / umount | --remount/.test(line) ? mounted : unmounted
      const result = await resultOf(t, line, stage)
      // What boot answers is no on this stage too.
      const { status = 0 } = (/ boot /.test(line) && special[line]?.[0]) || {}
      t.equal(result.status, status, `${line}: ${result.stderr}`)
    }
})

t.test('an example that fails is noticed', async (t) => {
  const { status } = await resultOf(t, 'hugepool mount /mnt/nowhere', { mounts: [] })
  t.equal(status, 1, 'without --mkdir')
  const printed = { status: 0, stdout: '{}', stderr: '' }
  t.equal(statusInBash(t, 'hugepool list --json | jq -e .pools', printed).whole, 1)
})
