import t from 'tap'
import { exitCodes } from '../../../src/errors.ts'
import { errorSchema } from '../../../src/output/schemas/parts.ts'
import {
  type FakeKernel,
  type FakeKernelOptions,
  fakeKernel,
} from '../../helpers/fake-kernel/fake-kernel.ts'
import { type Errno, systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { type FakeMapper, fakeMapper } from '../../helpers/fake-mapper.ts'
import { parseExact } from '../../helpers/json.ts'
import { global2M, onFake } from '../../helpers/on-fake.ts'
import { run } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'
import { type Prepare, type TestCase, twoNodes } from '../../helpers/test-on-fake.ts'

/** The mapper does something else than usual; nothing else changes. */
const when =
  (change: (mapper: FakeMapper, kernel: FakeKernel) => void): Prepare =>
  (kernel, mapper) => {
    change(mapper, kernel)
    return undefined
  }

const refused = (errno: Errno, syscall: string) =>
  when((mapper) => {
    mapper.refusal = { errno, syscall }
  })

const unable = (call: 'touch' | 'nodes' | 'memfd', errno: Errno, syscall: string) =>
  when((mapper) => {
    mapper.unable = { call, error: systemError(errno, syscall) }
  })

const there = (path: string, bytes: bigint, pageSize?: bigint) =>
  when((mapper) =>
    mapper.existing.set(path, { bytes, ...(pageSize !== undefined && { pageSize }) }),
  )

const opening = (errno: Errno) =>
  when((mapper) => {
    mapper.openExisting = () => {
      throw systemError(errno, 'open', '/mnt/huge/file')
    }
  })

const elsewhere = when((mapper) => {
  mapper.openExisting = () => undefined
})

const mounted = (options: string) =>
  when((_, kernel) =>
    kernel.extra.set(
      '/proc/self/mountinfo',
      `60 29 0:50 / /mnt/huge rw,relatime - hugetlbfs none rw,${options}\n`,
    ),
  )

const exhausted: FakeKernelOptions = {
  ...twoNodes,
  pools: [{ size: 2n * M, persistent: { 0: 1n, 1: 0n }, overcommit: 0n }],
}

const errors: Readonly<Record<keyof typeof exitCodes, readonly TestCase[]>> = {
  E_USAGE: [
    [''],
    ['2M'],
    ['2M=x'],
    ['2M=0'],
    ['2M=+1'],
    ['2M=3M'],
    ['2M=4 1G=1'],
    ['2M=4 --touch 5'],
    ['2M=4 --touch -1'],
    ['2M=4 --threads 0'],
    ['2M=4 --hold 5'],
    ['2M=4 --via pipe'],
    ['2M=4 --nonsense'],
    ['2M=4 --private --shared'],
    ['2M=4 --processes 2'],
    ['2M=4 --via memfd --mount /mnt/huge'],
    ['2M=4 --mempolicy bind'],
    ['2M=4 --node 0,0'],
    ['2M=4 --mount /nowhere'],
    ['2M=4 --mount /mnt/huge', mounted('pagesize=1024M')],
    ['2M=4 --path /mnt/huge/missing'],
    ['2M=4 --path /etc', elsewhere],
    ['2M=4 --path /mnt/huge/file', there('/mnt/huge/file', 6n * M, 2n * M)],
    ['1G=1 --path /mnt/huge/file', there('/mnt/huge/file', 6n * M, 2n * M)],
  ],
  E_UNSUPPORTED: [
    ['4M=1'],
    ['2M=7:1'],
    ['2M=1 --node 7'],
    ['2M=1 --mempolicy bind:7'],
    ['2M=1 --via file'],
    ['2M=1', refused('EINVAL', 'mmap')],
    ['2M=1:1', refused('EINVAL', 'set_mempolicy')],
    ['2M=1', unable('touch', 'EINVAL', 'sched_setaffinity')],
    ['2M=1 --via memfd', unable('memfd', 'ENOSYS', 'memfd_create')],
    ['2M=1 --via memfd', unable('memfd', 'ENODEV', 'memfd_create')],
  ],
  E_PERMISSION: [
    ['2M=1 --via shm', refused('EPERM', 'shmget')],
    ['2M=1', refused('EACCES', 'mmap')],
    ['2M=1', unable('touch', 'EPERM', 'set_mempolicy')],
    ['2M=1 --via memfd', unable('memfd', 'EPERM', 'memfd_create')],
    ['2M=1 --path /mnt/huge/file', opening('EROFS')],
    ['2M=1 --path /mnt/huge/file', opening('EACCES')],
    [
      '2M=2 --via shm --processes 2',
      when((mapper) => {
        mapper.openMapped = () => {
          throw systemError('EPERM', 'open')
        }
      }),
    ],
  ],
  E_REFUSED: [
    ['1G=max', undefined, exhausted],
    ['2M=1:max', undefined, exhausted],
    ['2M=max', when((_, kernel) => kernel.map(2n * M, 10n))],
  ],
  E_KERNEL: [
    ['2M=1', unable('touch', 'EAGAIN', 'pthread_create')],
    ['2M=1', unable('touch', 'EIO', 'madvise')],
    ['2M=1 --via shm', refused('ENOMEM', 'shmctl')],
    ['2M=1 --via shm', refused('ENOSPC', 'shmget')],
    ['2M=1', when((_, kernel) => kernel.failRead(`${global2M}/nr_hugepages`, 'EIO', 'always'))],
  ],
  E_BUG: [
    [
      '2M=1 --via memfd',
      when((mapper) => {
        mapper.onTouch = () => {
          throw new Error('a fault')
        }
      }),
    ],
  ],
  E_CONFIG: [],
}

const ended = async ([line, prepare, options = twoNodes]: TestCase, json: boolean) => {
  const kernel = fakeKernel(options)
  const mapper = fakeMapper(kernel)
  kernel.extra.set('/proc/self/mountinfo', '')
  const around = prepare?.(kernel, mapper) ?? {}
  const before = kernel.snapshot()
  const words = ['test', ...(line === '' ? [] : [line]), ...(json ? ['--json'] : [])].join(' ')
  const result = await onFake(kernel, words, { mapper, clock: mapper.clock, ...around })
  t.strictSame(kernel.snapshot(), before, `${words}: everything came back`)
  t.equal(mapper.open.size + mapper.mapped.size, 0, `${words}: nothing is left behind`)
  return result
}

const statuses = Object.entries(exitCodes) as [keyof typeof exitCodes, number][]

for (const [code, status] of statuses)
  t.test(`${code}: a document with nothing but the error`, async (t) => {
    for (const one of errors[code]) {
      const [line] = one
      const { stdout, stderr, ...rest } = await ended(one, true)
      t.strictSame(rest, { status }, line)
      const { error } = errorSchema.parse(parseExact(stdout))
      t.equal(error.code, code, line)
      t.equal(stdout.split('\n').length, 2, 'one line')
      const hints = error.hint?.split('\n').map((hint) => `hint: ${hint}\n`) ?? []
      const tried = code === 'E_USAGE' ? "try 'hugepool test --help'\n" : ''
      t.equal(stderr, `hugepool: ${error.message}\n${hints.join('')}${tried}`, 'says the same')
      t.strictSame(await ended(one, false), { status, stdout: '', stderr }, `${line}, for people`)
    }
  })

t.test('a recorded machine cannot be tested', async (t) => {
  const words = ['test', '2M=1', '--json']
  for (const tree of ['two-nodes', 'no-hugetlb']) {
    const { status, stdout } = await run(words, { tree })
    const { error } = errorSchema.parse(parseExact(stdout))
    t.match(
      { status, ...error },
      { status: 4, code: /^E_UNSUPPORTED$/, message: /no native calls$/ },
    )
  }
})

t.test('a signal that comes while the kernel maps', async (t) => {
  const { status, stdout } = await ended(
    [
      '2M=1',
      (_, mapper) => {
        mapper.map = () => new Promise<never>(() => {})
        const pending = () => (mapper.clock.clock() > 100 ? 'SIGTERM' : undefined)
        return { watchSignals: () => ({ pending, end: () => {} }) }
      },
    ],
    true,
  )
  t.equal(status, 'SIGTERM')
  const { error } = errorSchema.parse(parseExact(stdout))
  t.hasStrict(error, { code: 'E_KERNEL', message: 'stopped by SIGTERM while mapping' })
})
