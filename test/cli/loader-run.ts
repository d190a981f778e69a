import t from 'tap'
import { loaderRequest, runLoader } from '../../src/cli/loader-run.ts'
import { loaderMachines, loaderStage } from '../helpers/loader-stage.ts'

const request = (
  switches: readonly string[],
  values: Readonly<Record<string, string>> = {},
  isWritten = false,
) => loaderRequest({ operands: [], values, switches: new Set(switches) }, isWritten)

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
    sequence: 'hugepagesz=2M hugepages=3',
    replace: false,
    dryRun: false,
  })
})

t.test('a line that is written first', async (t) => {
  t.strictSame(request(['install', 'replace'], {}, true), {
    ask: 'install',
    sequence: '',
    replace: true,
    dryRun: false,
  })
  t.equal(request([], {}, true), undefined)
  t.throws(() => request(['remove'], {}, true), {
    code: 'E_USAGE',
    message: '--remove and words for a new line do not go together',
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
})

t.test('what is done', async (t) => {
  const { ports, ran } = loaderStage(t, loaderMachines.grubby?.files ?? {})
  const usual = { replace: false, dryRun: false }
  const installed = await runLoader({ ask: 'install', sequence: 'hugepages=3', ...usual }, ports)
  t.hasStrict(installed, { ask: 'install', change: { outcome: 'done', sequence: 'hugepages=3' } })
  const pending = await runLoader({ ask: 'pending' }, ports)
  t.hasStrict(pending, { ask: 'pending', pending: { configured: { words: 'hugepages=3' } } })
  const removed = await runLoader({ ask: 'remove', ...usual }, ports)
  t.hasStrict(removed, { ask: 'remove', change: { outcome: 'done' } })
  t.equal(ran.length, 4)
})
