import t from 'tap'
import { forkTable } from '../../helpers/fork-table.ts'
import { G, M } from '../../helpers/sizes.ts'
import { type Prepare, refusedOnFake, testOnFake } from '../../helpers/test-on-fake.ts'

const withMount: Prepare = (kernel) => {
  const mount = '60 29 0:50 / /mnt/huge rw,relatime - hugetlbfs none rw,pagesize=2M\n'
  kernel.extra.set('/proc/self/mountinfo', mount)
  return undefined
}

t.test('what a child takes, as it was measured', async (t) => {
  for (const { pages, overcommit = 0, way, becomes, written, copied, fails } of forkTable) {
    const line = ['2M=3', '--fork', ...way].join(' ')
    const { document, status } = await testOnFake(line, withMount, {
      nodes: [{ id: 0, memory: 8n * G }],
      pools: [{ size: 2n * M, persistent: { 0: BigInt(pages) }, overcommit: BigInt(overcommit) }],
    })
    const step = document.steps.find(({ step }) => step === 'fork')
    t.strictSame(
      {
        status,
        becomes: [step?.total, step?.free, step?.reserved, step?.surplus],
        fork: document.fork,
        failure: document.failure?.page,
      },
      {
        status: fails === undefined ? 0 : 64,
        becomes: becomes.map(BigInt),
        fork: { written: BigInt(written), copied: BigInt(copied) },
        failure: fails === undefined ? undefined : BigInt(fails),
      },
      `${pages}+${overcommit}: ${line}`,
    )
  }
})

t.test('the words of a copy that could not be made', async (t) => {
  const { status, stderr, said } = await testOnFake('2M=6 --fork')
  t.equal(status, 64)
  t.equal(said[3], 'a child wrote 4 pages, 4 of them copied for it; page 4: SIGBUS')
  t.match(
    stderr,
    'hugepool: 2M: touched 6 of 6, but a child of fork met SIGBUS at page 4, counted from 0: copy on write needs a page that nobody reserved: the pool is exhausted: no page is available; overcommit allows none\n',
  )
  t.match(stderr, "hint: 'hugepool resize 2M=+2' makes room\n")
})

t.test('only pages that were touched, and each mapping by a child of its own', async (t) => {
  const touched = await testOnFake('2M=4 --fork --touch 2')
  t.strictSame(touched.document.fork, { written: 2n, copied: 2n })
  const parts = await testOnFake('2M=0:2,1:1 --fork')
  t.strictSame(parts.document.fork, { written: 3n, copied: 3n })
  t.equal(parts.document.steps.filter(({ step }) => step === 'fork').length, 1)
  t.equal((await testOnFake('2M=3')).document.fork, undefined)
})

t.test('what does not go together', async (t) => {
  for (const [line, words] of [
    ['--touch 0', '--fork writes to pages that were touched, and --touch 0 touches none'],
    ['--via memfd --processes 2', '--fork and --processes exclude each other'],
  ] as const) {
    const { status, stderr } = await refusedOnFake(`2M=2 --fork ${line}`)
    t.strictSame(
      { status, stderr },
      { status: 2, stderr: `hugepool: ${words}\ntry 'hugepool test --help'\n` },
    )
  }
})
