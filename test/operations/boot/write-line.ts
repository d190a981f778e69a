import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { run } from '../../helpers/run.ts'
import { twoNodes } from '../../helpers/test-on-fake.ts'

/** A machine of two nodes of 8 GiB that was started with this line. */
const started = (line: string, release = '6.18') => {
  const kernel = fakeKernel({ ...twoNodes, release })
  kernel.extra.set('/proc/cmdline', `${line}\n`)
  return kernel
}

const on = (words: string, line = 'ro', release = '6.18') =>
  onFake(started(line, release), `boot ${words}`)

t.test('the words alone, for a boot loader', async (t) => {
  t.strictSame(await on('2M=512 1G=1:2,0:2 --default 1G --hvo on'), {
    status: 0,
    stdout: lines(
      'default_hugepagesz=1G hugepagesz=1G hugepages=0:2,1:2 hugepagesz=2M hugepages=512 hugetlb_free_vmemmap=on',
    ),
    stderr: '',
  })
  t.strictSame(await on('2M=1G'), {
    status: 0,
    stdout: lines('hugepagesz=2M hugepages=512'),
    stderr: '',
  })
  t.strictSame(await on('--hvo off'), {
    status: 0,
    stdout: lines('hugetlb_free_vmemmap=off'),
    stderr: '',
  })
})

t.test('what is worth knowing stands on standard error', async (t) => {
  t.strictSame(await on('1G=0:2', 'ro sysctl.vm.nr_hugepages=8', '6.12'), {
    status: 0,
    stdout: lines('hugepagesz=1G hugepages=0:2'),
    stderr: lines(
      "hugepool: note: Linux 6.12 may take pages of 1G from other nodes than the named ones, and says nothing: 'hugepool apply' corrects them",
      "hugepool: note: 'sysctl.vm.nr_hugepages=8' stands on the line too: it changes the pool of the default size once more when the kernel has started",
    ),
  })
  t.strictSame(await on('2M=0'), {
    status: 0,
    stdout: '',
    stderr: lines('hugepool: note: nothing of it takes a word on the kernel command line'),
  })
})

t.test('the document is that of the line', async (t) => {
  const { stdout, ...rest } = await on('1G=0:2 --json')
  const { line, kernel, words, predicted, found } = parseExact(stdout) as Record<string, unknown>
  t.strictSame(
    { rest, line, kernel, found },
    {
      rest: { status: 0, stderr: '' },
      line: 'hugepagesz=1G hugepages=0:2',
      kernel: '6.18',
      found: undefined,
    },
  )
  t.strictSame(
    (words as readonly { word: string; result: string }[]).map(({ word, result }) => [
      word,
      result,
    ]),
    [
      ['hugepagesz=1G', 'used'],
      ['hugepages=0:2', 'used'],
    ],
  )
  t.hasStrict(predicted, { boots: true, default: 2097152n })
})

t.test('for another kernel or architecture', async (t) => {
  t.strictSame(await on('1G=0:2 --kernel 5.10'), {
    status: 4,
    stdout: '',
    stderr: lines(
      'hugepool: Linux 5.10 takes no nodes on its command line: 5.16 is the first that does',
      "hint: 1G=2 leaves the nodes to the kernel, and 'hugepool apply' corrects them",
    ),
  })
  t.strictSame(await on('64K=16 --arch aarch64'), {
    status: 0,
    stdout: lines('hugepagesz=64K hugepages=16'),
    stderr: '',
  })
})

t.test('what is refused', async (t) => {
  t.strictSame(await on('1G=0:8'), {
    status: 1,
    stdout: '',
    stderr: lines(
      'hugepool: 8 pages of 1G would leave less than 163M of the 8G of memory available on node 0',
      'hint: the largest count that fits is 1G=0:7; --leave AMOUNT changes the margin',
      "hint: what the line takes is gone before anything has started: 'hugepool apply' can provide pages that are not gigantic later",
    ),
  })
  t.strictSame(await on('1G=0:8 --leave 0'), {
    status: 0,
    stdout: lines('hugepagesz=1G hugepages=0:8'),
    stderr: '',
  })
  const { status, stderr } = await on('--cma 1G=0:4')
  t.equal(status, 4)
  t.match(stderr, /^hugepool: this kernel has no CMA, so that hugetlb_cma would reserve nothing\n/)
})

t.test('words that do not go together', async (t) => {
  const tried = "try 'hugepool boot --help'"
  const said = async (words: string) => {
    const { status, stdout, stderr } = await on(words)
    return [status, stdout, stderr.split('\n').filter((line) => line !== '' && line !== tried)]
  }
  t.strictSame(await said('2M=4 --check'), [
    2,
    '',
    [
      "hugepool: --check is about a line that there is, and '2M=4' asks for one",
      'hint: leave one of both out',
    ],
  ])
  t.strictSame(await said('2M=4 --line ro'), [
    2,
    '',
    [
      "hugepool: --line is about a line that there is, and '2M=4' asks for one",
      'hint: leave one of both out',
    ],
  ])
  t.strictSame(await said('2M=4 --from-config'), [
    2,
    '',
    [
      "hugepool: --from-config takes the pages of the configuration, so '2M=4' cannot",
      'hint: leave one of both out',
    ],
  ])
  t.strictSame(await said('--default default'), [
    2,
    '',
    ['hugepool: --default names the size that is to be the default', 'hint: write it as 2M or 1G'],
  ])
  t.strictSame(await said('--config x.toml'), [2, '', ['hugepool: --config is for --from-config']])
  t.equal((await on('--default 1G --from-config')).status, 2)
  t.equal((await on('--hvo on --check')).status, 2)
  t.equal((await on('--leave 1G --line ro')).status, 2)
  t.equal((await on('2M=4 --kernel all')).status, 2)
})

t.test('on a recorded machine', async (t) => {
  t.strictSame(await run(['boot', '512M=1', '16G=0'], { tree: 'arm64-64k' }), {
    status: 0,
    stdout: lines('hugepagesz=512M hugepages=1'),
    stderr: '',
  })
})
