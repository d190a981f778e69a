import t from 'tap'
import type { FakeKernelOptions } from '../../helpers/fake-kernel/fake-kernel.ts'
import { M } from '../../helpers/sizes.ts'
import {
  type Prepare,
  type TestCase,
  type Tested,
  testOnFake,
  twoNodes,
} from '../../helpers/test-on-fake.ts'

const failing =
  (page: number, errno: string): Prepare =>
  (_, mapper) => {
    mapper.failing = { page, errno }
    return undefined
  }

const killed =
  (at: 'map' | 'touch' | 'write' | 'verify'): Prepare =>
  (_, mapper) => {
    mapper.killedAt = at
    return undefined
  }

const differing: Prepare = (_, mapper) => {
  mapper.differing = 2
  return undefined
}

const stopped: Prepare = (_, mapper) => {
  let last = -1
  mapper.onTouch = (page) => {
    last = page
  }
  return {
    watchSignals: () => ({ pending: () => (last >= 1 ? 'SIGHUP' : undefined), end: () => {} }),
  }
}

const hugeFile: Prepare = (_, mapper) => {
  mapper.existing.set('/mnt/huge/file', { pageSize: 2n * M, bytes: 8n * M })
  mapper.existing.set('/dev/buffer', { bytes: 0n })
  return undefined
}

const overcommitted: FakeKernelOptions = {
  ...twoNodes,
  pools: [{ size: 2n * M, persistent: { 0: 6n, 1: 4n }, overcommit: 3n }],
}

const oneNode: FakeKernelOptions = {
  nodes: [{ id: 0, memory: 64n * M }],
  pools: [{ size: 2n * M, persistent: { 0: 9n } }],
}

const cases: Readonly<Record<'done' | 'partial' | 'failed', readonly TestCase[]>> = {
  done: [
    ['2M=4'],
    ['2M=4', undefined, oneNode],
    ['2M=12', undefined, overcommitted],
    ['2M=4 --steps --verify --frames'],
    ['2M=4 --touch 0'],
    ['2M=4 --noreserve --populate'],
    ['2M=0:2,1:2'],
    ['1G=1 --node all'],
    ['2M=max --mempolicy bind:1'],
    ['2M=4 --mempolicy interleave:0-1'],
    ['2M=6 --via memfd --processes 3'],
    ['2M=2 --via shm --hold 5ms'],
    ['2M=4 --path /mnt/huge/file --private', hugeFile],
    ['2M=2 --path /dev/buffer', hugeFile],
  ],
  partial: [
    ['2M=12 --noreserve'],
    ['2M=4', failing(2, 'EFAULT')],
    ['2M=4 --steps --verify', failing(3, 'EHWPOISON')],
    ['2M=4', failing(1, 'STUCK')],
    ['2M=4 --verify', differing],
    ['2M=6 --via memfd --processes 3', killed('touch')],
    ['2M=6 --via memfd --processes 3', killed('write')],
    ['2M=6 --via memfd --processes 3', killed('verify')],
    ['2M=6 --via memfd --processes 3', differing],
    ['2M=8 --steps', stopped],
  ],
  failed: [
    ['2M=12'],
    ['1G=0:1,1:2'],
    ['2M=1:5'],
    ['2M=1', failing(0, 'SIGBUS')],
    ['2M=6 --via memfd --processes 3', killed('map')],
  ],
}

const statuses = { done: 0, partial: 64, failed: 1 } as const

const lineCount = ({ document }: Tested): number =>
  document.steps.reduce((lines, { nodes = [] }) => lines + (nodes.length > 1 ? 3 : 1), 1)

for (const outcome of ['done', 'partial', 'failed'] as const)
  t.test(`${outcome}: the document, the status and the words belong together`, async (t) => {
    for (const [line, prepare, options] of cases[outcome]) {
      const tested = await testOnFake(line, prepare, options)
      const { document, status, stderr, stdout } = tested
      t.equal(document.outcome, outcome, line)
      t.equal(status, document.signal ?? statuses[outcome], `${line}: status`)
      const { error, failure, advice = [] } = document
      t.equal(error === undefined, failure === undefined, `${line}: a failure is an error`)
      if (outcome === 'done') t.equal(failure, undefined)
      if (error !== undefined && failure !== undefined) {
        t.equal(error.code, 'E_KERNEL')
        t.ok(error.message.endsWith(failure.why), `${line}: ${error.message}`)
        t.equal(error.hint, advice.length > 0 ? advice.join('\n') : undefined)
        t.ok(stderr.includes(`hugepool: ${error.message}\n`))
      }
      for (const words of advice) t.ok(stderr.includes(`hint: ${words}\n`), words)
      const placed = document.placement.reduce((sum, { pages }) => sum + pages, 0n)
      t.equal(placed, document.touch?.pages ?? 0n, `${line}: what was touched lies somewhere`)
      t.equal(document.steps.at(-1)?.pages, placed)
      const [table = ''] = stdout.split('\n\n')
      t.equal(table.trimEnd().split('\n').length, lineCount(tested), `${line}: lines`)
    }
  })
