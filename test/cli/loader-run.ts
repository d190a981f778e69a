import t from 'tap'
import { loaderRequest, runLoader } from '../../src/cli/loader-run.ts'
import { type TypedLine, typedLine } from '../../src/cli/typed-line.ts'
import { parseAssignment } from '../../src/model/words/assignment.ts'
import type { LoaderChange } from '../../src/operations/boot/loader-change.ts'
import { loaderMachines, loaderStage } from '../helpers/loader-stage.ts'

/** What is to be written for these words. */
const typedRequest = (operands: readonly string[]): TypedLine => {
  const typed = typedLine({ operands, values: {}, switches: new Set() })
  if (typed === undefined) throw new Error('nothing is asked')
  return typed
}

const request = (
  switches: readonly string[],
  values: Readonly<Record<string, string>> = {},
  operands: readonly string[] = [],
) => loaderRequest({ operands, values, switches: new Set(switches) })

t.test('what is asked', async (t) => {
  t.equal(request(['check'], { line: 'a' }), undefined)
  t.strictSame(request(['pending']), { ask: 'pending' })
  t.strictSame(request(['remove']), { ask: 'remove', replace: false, dryRun: false })
  t.strictSame(request(['remove', 'replace', 'dry-run']), {
    ask: 'remove',
    replace: true,
    dryRun: true,
  })
  t.strictSame(request(['install'], { line: ' hugepagesz=2M   hugepages=3 ' }), {
    ask: 'install',
    words: 'hugepagesz=2M hugepages=3',
    replace: false,
    dryRun: false,
  })
})

t.test('what the words to install have to bring', async (t) => {
  const usual = { ask: 'install', replace: false, dryRun: false } as const
  t.strictSame(request(['install', 'from-config'], { leave: '1G' }), {
    ...usual,
    words: { source: { from: 'machine' }, leave: 1n << 30n },
  })
  t.hasStrict(request(['install'], { hvo: 'on' }, ['2M=4']), {
    ...usual,
    words: { request: { freeVmemmap: true, assignments: [parseAssignment('2M=4')] } },
  })
})

t.test('what does not go together', async (t) => {
  const line = 'hugepages=3'
  for (const [switches, values, message] of [
    [['install', 'remove'], { line }, '--install and --remove do not go together'],
    [['remove', 'pending'], {}, '--remove and --pending do not go together'],
    [['install', 'check'], { line }, '--check and --install do not go together'],
    [['install'], { line, kernel: '6.1' }, '--kernel and --install do not go together'],
    [['pending'], { arch: 'arm64' }, '--arch and --pending do not go together'],
    [['remove'], { 'base-page': '4K' }, '--base-page and --remove do not go together'],
    [['remove'], { line }, '--line and --remove do not go together'],
    [['pending'], { line }, '--line and --pending do not go together'],
    [['pending', 'dry-run'], {}, '--dry-run is for --install and --remove'],
    [['pending', 'replace'], {}, '--replace is for --install and --remove'],
    [['dry-run'], {}, '--dry-run is for --install and --remove'],
    [['replace', 'check'], {}, '--replace is for --install and --remove'],
    [['install'], {}, '--install needs words'],
    [['install'], { line: 'hugepages' }, "'hugepages' is no word that can be installed"],
  ] as const)
    t.throws(() => request(switches, values), { code: 'E_USAGE', message }, message)
  for (const ask of ['remove', 'pending'])
    t.throws(() => request([ask], {}, ['2M=4']), {
      code: 'E_USAGE',
      message: `--${ask} takes no words`,
    })
  t.throws(() => request(['install'], { line }, ['2M=4']), { code: 'E_USAGE' })
})

t.test('what is done', async (t) => {
  const { ports, ran } = loaderStage(t, loaderMachines.grubby?.files ?? {})
  const usual = { replace: false, dryRun: false }
  const installed = await runLoader({ ask: 'install', words: 'hugepages=3', ...usual }, ports)
  t.hasStrict(installed, { ask: 'install', change: { outcome: 'done', sequence: 'hugepages=3' } })
  const pending = await runLoader({ ask: 'pending' }, ports)
  t.hasStrict(pending, { ask: 'pending', pending: { configured: { words: 'hugepages=3' } } })
  const removed = await runLoader({ ask: 'remove', ...usual }, ports)
  t.hasStrict(removed, { ask: 'remove', change: { outcome: 'done' } })
  t.equal(ran.length, 4)
})

t.test('what is asked for is written first, and judged', async (t) => {
  const { ports } = loaderStage(t, {
    ...loaderMachines.grubby?.files,
    '/proc/sys/kernel/osrelease': '6.12.48\n',
    '/proc/meminfo': 'MemTotal:        8388608 kB\nMemAvailable:    8000000 kB\n',
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0\n',
  })
  const ask = (words: readonly string[]) =>
    runLoader({ ask: 'install', words: typedRequest(words), replace: false, dryRun: true }, ports)
  const { change } = (await ask(['2M=3'])) as { change: LoaderChange }
  t.match(change.lines.join('\n'), 'hugepagesz=2M hugepages=3')
  await t.rejects(ask(['2M=0:1,77:1']), { code: 'E_UNSUPPORTED' })
  await t.rejects(ask(['2M=100000']), { code: 'E_REFUSED' })
})
