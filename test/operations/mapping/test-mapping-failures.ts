import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { raisedTo } from '../../helpers/fault-facts.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { M } from '../../helpers/sizes.ts'
import { testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

const came = 'all pages and reservations came back'

t.test('ENOMEM at mmap: how many are missing, and what overcommit would do', async (t) => {
  const none = await testOnFake('2M=12')
  t.equal(none.status, 1)
  t.equal(
    none.stderr,
    lines(
      'hugepool: 2M: 12 pages cannot be mapped (ENOMEM): 10 available: 2 missing, and overcommit allows none',
      "hint: 'hugepool resize 2M=+2' makes room",
      "hint: 'hugepool overcommit 2M=2' lets the kernel make what is missing",
    ),
  )
  t.match(none.document, {
    outcome: /^failed$/,
    failure: { errno: /^ENOMEM$/, why: /2 missing/ },
    advice: [/resize 2M=\+2/, /overcommit 2M=2/],
    error: { code: /^E_KERNEL$/ },
  })
  t.equal(none.document.failure?.page, undefined)
  t.strictSame(none.said, ['10 available'])
  const few = await testOnFake('2M=12', () => undefined, {
    ...twoNodes,
    pools: [{ size: 2n * M, persistent: { 0: 6n, 1: 4n }, overcommit: 1n }],
  })
  t.match(few.stderr, '2 missing, and overcommit allows only 1\n')
  t.match(few.stderr, "'hugepool overcommit 2M=2'")
  const memory = await testOnFake('2M=12', () => undefined, {
    nodes: [{ id: 0, memory: 64n * M, free: 0n }],
    pools: [{ size: 2n * M, persistent: { 0: 10n }, overcommit: 9n }],
  })
  t.match(memory.stderr, '2 missing; overcommit allows 9, but the memory was not found\n')
})

t.test('ENOMEM of the second of two mappings gives the first one back', async (t) => {
  const { status, document, said } = await testOnFake('1G=0:1,1:2')
  t.equal(status, 1)
  t.match(document.failure?.why, /1 missing/)
  t.strictSame(said.slice(-1), [came])
})

t.test('what came before a failure is not read back, and that is said', async (t) => {
  const { status, stderr, document } = await testOnFake('2M=12 --noreserve --verify')
  t.equal(status, 64)
  t.match(stderr, 'nothing was read back, for not all pages came\n')
  t.equal(document.verified, undefined)
})

t.test('a bound node without enough free pages', async (t) => {
  const { stderr, status } = await testOnFake('2M=1:5')
  t.equal(status, 1)
  t.match(stderr, '4 free on node 1, to which the mapping is bound: 1 missing\n')
  t.match(stderr, "'hugepool resize 2M=1:+1' makes room there")
})

t.test('a pool that NORESERVE exhausts', async (t) => {
  const { status, stderr, said, document } = await testOnFake('2M=12 --noreserve')
  t.equal(status, 64)
  t.strictSame(said.slice(2), [
    '10 pages faulted in: 6 on node 0, 4 on node 1; page 10: SIGBUS',
    came,
  ])
  t.match(
    stderr,
    'hugepool: 2M: touched 10 of 12; SIGBUS at page 10, counted from 0: the pool is exhausted: no page is available,' +
      ' and a NORESERVE mapping is promised none; overcommit allows none\n' +
      "hint: 'hugepool resize 2M=+2' makes room\n" +
      "hint: 'hugepool overcommit 2M=2' lets the kernel make what is missing\n",
  )
  t.hasStrict(document, { outcome: 'partial', failure: { page: 10n, errno: 'SIGBUS' } })
})

t.test('all pages are reserved by others: none is touched', async (t) => {
  const { status, stderr, document } = await testOnFake('2M=1 --noreserve', (kernel) => {
    kernel.map(2n * M, 10n)
    return undefined
  })
  t.equal(status, 1)
  t.match(stderr, 'no page is available (10 free, all reserved by others)')
  t.hasStrict(document, { outcome: 'failed', failure: { page: 0n } })
})

t.test('a bound node runs dry though the mapping has a reservation', async (t) => {
  let done = false
  const { status, stderr } = await testOnFake('2M=3 --mempolicy bind:1', (kernel, mapper) => {
    done = false
    mapper.onTouch = (page) => {
      if (page === 1 && !done) kernel.map(2n * M, 3n, { bind: [1] }).touch(3n)
      if (page === 1) done = true
    }
    return undefined
  })
  t.equal(status, 64)
  t.match(
    stderr,
    'touched 1 of 3; SIGBUS at page 1, counted from 0: no page is free on node 1, to which the mapping is bound;' +
      ' 6 pages are free on other nodes',
  )
})

const inGroup =
  (files: Readonly<Record<string, string>>) => (kernel: ReturnType<typeof fakeKernel>) => {
    kernel.extra.set('/proc/self/cgroup', '0::/jobs/one\n')
    for (const [path, text] of Object.entries(files))
      kernel.extra.set(`/sys/fs/cgroup/${path}`, text)
  }

t.test('a limit of the hugetlb cgroup', async (t) => {
  const faulted = await testOnFake('2M=4', (kernel, mapper) => {
    inGroup({
      'jobs/hugetlb.2MB.max': '4194304\n',
      'jobs/hugetlb.2MB.current': '4194304\n',
      'jobs/one/hugetlb.2MB.max': 'max\n',
      'jobs/one/hugetlb.2MB.current': '4194304\n',
    })(kernel)
    mapper.failing = { page: 2, errno: 'EFAULT' }
    return undefined
  })
  t.equal(faulted.status, 64)
  t.match(
    faulted.stderr,
    'touched 2 of 4; SIGBUS at page 2, counted from 0: the cgroup /jobs allows 4M (hugetlb.2MB.max) and has 4M:' +
      ` no room for another page\nhint: ${raisedTo(8n * M)}\n`,
  )
  const mapped = await testOnFake('2M=4', (kernel, mapper) => {
    inGroup({
      'jobs/one/hugetlb.2MB.rsvd.max': '4194304\n',
      'jobs/one/hugetlb.2MB.rsvd.current': '0\n',
    })(kernel)
    mapper.refusal = { errno: 'ENOMEM', syscall: 'mmap' }
    return undefined
  })
  t.equal(mapped.status, 1)
  t.match(
    mapped.stderr,
    'the cgroup /jobs/one allows 4M (hugetlb.2MB.rsvd.max) and has 0: too little',
  )
})

t.test('the memory controller at its limit: a fault that never completes', async (t) => {
  for (const errno of ['STUCK', 'ENOMEM', 'SIGBUS']) {
    const { stderr, document } = await testOnFake('2M=4', (kernel, mapper) => {
      kernel.extra.set(
        '/proc/self/mountinfo',
        '30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,memory_hugetlb_accounting\n',
      )
      inGroup({ 'jobs/one/memory.max': '4194304\n', 'jobs/one/memory.current': '4194304\n' })(
        kernel,
      )
      mapper.failing = { page: 2, errno }
      return undefined
    })
    t.equal(document.failure?.errno, errno)
    t.match(
      stderr,
      'the cgroup /jobs/one allows 4M (memory.max) and has 4M, and huge pages count in it',
    )
    const goesOn = /faults for ever on kernels from 6\.7 to 7\.2/.test(stderr)
    t.equal(goesOn, errno !== 'SIGBUS')
  }
})

const mounted = '60 29 0:50 / /mnt/huge rw,relatime - hugetlbfs none rw,pagesize=2M,size=4194304\n'

t.test('the quota of a mount and not an empty pool', async (t) => {
  const prepare = (free: bigint, refusal: boolean) =>
    ((kernel, mapper) => {
      kernel.extra.set('/proc/self/mountinfo', mounted)
      mapper.freeOnMount = free
      if (refusal) mapper.refusal = { errno: 'ENOMEM', syscall: 'mmap' }
      else mapper.failing = { page: 2, errno: 'EFAULT' }
      return undefined
    }) satisfies Parameters<typeof testOnFake>[1]
  const mapped = await testOnFake('2M=4 --via file', prepare(4n * M, true))
  t.match(
    mapped.stderr,
    'the mount /mnt/huge is full: its size limit leaves 2 pages, while the pool has 10 available',
  )
  t.strictSame(mapped.said.slice(-1), [came])
  const touched = await testOnFake('2M=4 --via file --noreserve', prepare(0n, false))
  t.equal(touched.status, 64)
  t.match(touched.stderr, 'the size limit of the mount /mnt/huge is used up, not the pool')
})

t.test('a file that was truncated, and broken memory', async (t) => {
  const { stderr } = await testOnFake('2M=4 --via memfd', (_, mapper) => {
    mapper.truncatedTo = 4n * M
    return undefined
  })
  t.match(
    stderr,
    'touched 2 of 4; SIGBUS at page 2, counted from 0: the file ends before this page:' +
      ' it has been truncated to 4M\n',
  )
  const whole = await testOnFake('2M=4 --via memfd', (_, mapper) => {
    mapper.failing = { page: 3, errno: 'EFAULT' }
    return undefined
  })
  t.match(whole.stderr, 'touched 3 of 4; ')
  t.notMatch(whole.stderr, 'truncated', 'the last page ends where the file does')
  const broken = await testOnFake('2M=4', (_, mapper) => {
    mapper.failing = { page: 3, errno: 'EHWPOISON' }
    return undefined
  })
  t.match(broken.document.failure, { page: 3n, errno: /^EHWPOISON$/, why: /hardware poison/ })
  const odd = await testOnFake('2M=4', (_, mapper) => {
    mapper.failing = { page: 3, errno: 'EFAULT' }
    return undefined
  })
  t.match(odd.document.failure?.why, 'for a reason that it does not show')
})

/** For errors that end a test: a document of another form. */
const refused = async (
  line: string,
  refusal: { readonly errno: 'EPERM' | 'EINVAL' | 'ENOSPC' | 'EACCES'; readonly syscall: string },
) => {
  const kernel = fakeKernel(twoNodes)
  const mapper = fakeMapper(kernel)
  mapper.refusal = refusal
  kernel.extra.set('/proc/sys/vm/hugetlb_shm_group', '27\n')
  kernel.extra.set('/proc/sys/kernel/shmmax', '4194304\n')
  kernel.extra.set('/proc/sys/kernel/shmall', '2048\n')
  kernel.extra.set('/proc/sys/kernel/shmmni', '4096\n')
  kernel.extra.set('/proc/self/limits', 'Max locked memory         8388608     8388608     bytes\n')
  const before = kernel.snapshot()
  const result = await onFake(kernel, line, { mapper })
  t.strictSame(kernel.snapshot(), before)
  t.equal(mapper.open.size + mapper.mapped.size, 0)
  return result
}

t.test('EPERM of shmget names what decides it', async (t) => {
  const { status, stderr } = await refused('test 2M=1 --via shm', {
    errno: 'EPERM',
    syscall: 'shmget',
  })
  t.equal(status, 3)
  t.match(stderr, 'SHM_HUGETLB needs CAP_IPC_LOCK')
  t.match(stderr, 'vm.hugetlb_shm_group, which is 27')
  t.match(
    stderr,
    'kernel.shmmax is 4194304 bytes, kernel.shmall 2048 (in base pages), memlock 8388608 (EPERM)',
  )
  const large = await refused('test 2M=3 --via shm', { errno: 'EINVAL', syscall: 'shmget' })
  t.match(large.stderr, '6M is more than one segment may have: kernel.shmmax is 4194304 bytes')
  t.equal(large.status, 1)
  const many = await refused('test 2M=1 --via shm', { errno: 'ENOSPC', syscall: 'shmget' })
  t.match(
    many.stderr,
    'there may be no more segments, or not of that size together: kernel.shmmni is 4096; kernel.shmmax',
  )
})

t.test('what the machine or the call lacks', async (t) => {
  const cpuset = await refused('test 2M=1:1', { errno: 'EINVAL', syscall: 'set_mempolicy' })
  t.equal(cpuset.status, 4)
  t.match(cpuset.stderr, 'is it in a cpuset?')
  const size = await refused('test 2M=1', { errno: 'EINVAL', syscall: 'mmap' })
  t.equal(size.status, 4)
  const file = await onFake(fakeKernel(), 'test 2M=1 --via file', {
    mapper: fakeMapper(fakeKernel()),
  }).catch((error) => error)
  t.equal(file.status, 4)
})

t.test('what cannot be tried at all', async (t) => {
  for (const [status, line, words] of [
    [4, '4M=1', 'there are no 4M pages here'],
    [4, '2M=7:1', 'there is no node 7 here'],
    [2, '2M=0', 'a mapping has at least one page'],
    [2, '2M=4 --touch 0 --verify', '--touch 0 touches none'],
    [2, '2M=4 --touch 0 --frames', '--touch 0 touches none'],
    [2, '2M=+1', 'so + and - mean nothing'],
    [2, '2M=3M', 'not a whole number of 2M pages'],
    [2, '2M=4 --touch 5', 'only 4 pages are mapped'],
    [2, '2M=4 --via pipe', '--via is one of'],
    [2, '2M=4 --private --shared', 'exclude each other'],
    [2, '2M=4 --via shm --private', 'always shared'],
    [2, '2M=4 --via shm --populate', '--populate is an option of mmap'],
    [2, '2M=4 --via anon --mount /x', '--mount is for --via file'],
    [2, '2M=4 --via memfd --path /x', '--path is a way of mapping itself'],
    [2, '2M=0:4 --path /x', '--path is one mapping'],
    [2, '2M=0:4 --mempolicy bind:1', '--mempolicy is for one mapping'],
    [2, '2M=4 --processes 2', 'cannot share an anonymous mapping'],
    [2, '2M=4 --processes 0', 'is not a number of processes'],
    [2, '2M=4 --threads x', 'is not a number of threads'],
    [2, '2M=4 --hold 5', 'is not a duration'],
    [2, '1G=1 2M=1', 'one word too many'],
  ] as const) {
    const kernel = fakeKernel({ ...twoNodes })
    const mapper = fakeMapper(kernel)
    const result = await onFake(kernel, `test ${line}`, { mapper })
    t.equal(result.status, status, line)
    t.match(result.stderr, words, line)
    t.strictSame(mapper.requests, [], 'nothing is mapped')
  }
  t.match(
    (await onFake(fakeKernel(), 'test 1G=max', { mapper: fakeMapper(fakeKernel()) })).stderr,
    'no page is available',
  )
})
