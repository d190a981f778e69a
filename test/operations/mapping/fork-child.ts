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

/** Every child writes one page and ends so at the next. */
const endingWith =
  (errno: string): Prepare =>
  (kernel, mapper) => {
    kernel.map(2n * M, 6n).touch(6n)
    kernel.extra.set('/proc/77/status', 'Name:\tqemu\nPPid:\t1\nHugetlbPages:\t   12288 kB\n')
    const { map } = mapper
    const fork = async () => ({
      pages: 1,
      seconds: 0.5,
      stopped: false,
      reached: 2,
      failure: { page: 1, errno },
    })
    mapper.map = async (request) => Object.assign(await map(request), { fork })
    return undefined
  }

t.test('a child that somebody kills', async (t) => {
  const { document, status, stderr } = await testOnFake('2M=3 --fork', endingWith('ESRCH'))
  t.equal(status, 64)
  t.strictSame(document.failure, {
    page: 1n,
    errno: 'ESRCH',
    reason: 'lost',
    why: 'the child was killed before it had written all pages',
  })
  t.equal(document.advice, undefined)
  t.match(
    stderr,
    'hugepool: 2M: touched 3 of 3, but a child of fork met ESRCH at page 1, counted from 0: the child was killed before it had written all pages\n',
  )
})

t.test('who holds pages is not told where a page was there for the child', async (t) => {
  const { document } = await testOnFake('2M=3 --fork', endingWith('EFAULT'))
  t.strictSame(document.failure, {
    page: 1n,
    errno: 'SIGBUS',
    reason: 'kernel',
    why: 'copy on write needs a page that nobody reserved: the kernel gave no page, for a reason that it does not show, such as a limit of a cgroup that cannot be seen from here',
  })
  t.equal(document.advice, undefined)
})
