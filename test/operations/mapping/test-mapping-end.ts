import t from 'tap'
import { errorSchema } from '../../../src/output/schemas/parts.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { parseExact } from '../../helpers/json.ts'
import { onFake } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'
import { refusedOnFake, testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

t.test('pages that somebody else took meanwhile, and who has any', async (t) => {
  const { status, stderr, document, said } = await testOnFake('2M=4', (kernel, mapper) => {
    let taken = false
    kernel.extra.set('/proc/77/status', 'Name:\tqemu\nHugetlbPages:\t    4096 kB\n')
    mapper.onTouch = () => {
      if (!taken) kernel.map(2n * M, 2n).touch(2n)
      taken = true
    }
    return undefined
  })
  t.equal(status, 0)
  t.equal(said.at(-1), '2 pages did not come back')
  t.match(
    stderr,
    'hugepool: note: 2M: 2 pages did not come back: somebody else took them meanwhile, or holds them\n' +
      'hint: process 77 (qemu) has 4M of huge pages mapped\n',
  )
  t.strictSame(document.advice, ['process 77 (qemu) has 4M of huge pages mapped'])
})

t.test('of many who have pages five are named', async (t) => {
  const { document } = await testOnFake('2M=4', (kernel, mapper) => {
    let taken = false
    for (const pid of [71, 72, 73, 74, 75, 76])
      kernel.extra.set(`/proc/${pid}/status`, `Name:\tapp\nHugetlbPages:\t    2048 kB\n`)
    mapper.onTouch = () => {
      if (!taken) kernel.map(2n * M, 2n).touch(2n)
      taken = true
    }
    return undefined
  })
  t.equal(document.advice?.length, 5)
})

t.test('a count of reservations that wrapped meanwhile, or before, is told', async (t) => {
  const words =
    "hugepool: note: 2M: the kernel's count of reserved pages is below zero, a flaw of the kernel"
  const meanwhile = await testOnFake('2M=4', (kernel, mapper) => {
    let done = false
    mapper.onTouch = () => {
      if (!done) kernel.resvWrap(2n * M)
      done = true
    }
    return undefined
  })
  t.match(meanwhile.stderr, words)
  const before = await testOnFake('2M=4', (kernel) => {
    kernel.resvWrap(2n * M)
    return undefined
  })
  t.match(before.stderr, words)
  t.equal(before.said.at(-1), 'all pages and reservations came back')
  t.notMatch((await testOnFake('2M=4')).stderr, 'below zero')
})

t.test('nobody is seen who could hold them', async (t) => {
  const { stderr } = await testOnFake('2M=4', (kernel, mapper) => {
    let taken = false
    mapper.onTouch = () => {
      if (!taken) kernel.map(2n * M, 1n)
      taken = true
    }
    return undefined
  })
  t.match(
    stderr,
    '1 reservation did not come back: no process is seen with them: a mapping that has not touched them,',
  )
})

t.test('a pool that was resized meanwhile', async (t) => {
  const { stderr } = await testOnFake('2M=4', (kernel, mapper) => {
    const path = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
    mapper.onTouch = () => kernel.write(path, '20')
    return undefined
  })
  t.match(stderr, '2M: somebody resized the pool meanwhile: 10 pages before, 20 now')
})

t.test(
  'a pool that somebody shrinks: the hint counts the pages that go with this test',
  async (t) => {
    const { status, stderr } = await testOnFake('2M=9 --noreserve --steps', (kernel, mapper) => {
      const path = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
      mapper.onTouch = (page) => {
        if (page === 3) kernel.write(path, '0')
      }
      return undefined
    })
    t.equal(status, 64)
    t.match(stderr, 'touched 3 of 9; SIGBUS at page 3, counted from 0: the pool is exhausted')
    t.match(stderr, "hint: 'hugepool resize 2M=+9' makes room")
  },
)

t.test('surplus that leaves the pool with the pages of the test is nobody else', async (t) => {
  const { status, said, stderr } = await testOnFake('2M=1', (kernel) => {
    const node0 = '/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages'
    kernel.map(2n * M, 5n)
    const other = kernel.map(2n * M, 4n, { bind: [1] })
    other.touch(4n)
    kernel.write(node0, '3')
    other.unmap()
    return undefined
  })
  t.equal(status, 0)
  t.strictSame(said, [
    '4 available',
    'reserved 1 of 4 available',
    '1 page faulted in on node 0',
    'all pages and reservations came back, and 1 surplus page left the pool',
  ])
  t.match(
    stderr,
    'hugepool: note: 2M: 1 surplus page left the pool: while there is surplus, the kernel gives pages' +
      ' that are freed back to the rest of the memory\n',
  )
  t.notMatch(stderr, 'others')
})

t.test('surplus that was made for the test stays where its pages were others', async (t) => {
  const { status, said, stderr } = await testOnFake(
    '2M=1',
    (kernel) => {
      kernel.map(2n * M, 4n)
      return undefined
    },
    {
      nodes: [
        { id: 0, memory: 8n * G, free: 0n },
        { id: 1, memory: 8n * G },
      ],
      pools: [{ size: 2n * M, persistent: { 0: 4n }, overcommit: 4n }],
    },
  )
  t.equal(status, 0)
  t.equal(said.at(-1), 'all pages and reservations came back, and 1 surplus page came to it')
  t.match(
    stderr,
    '2M: 1 surplus page that was made for the test stays in the pool, free: the test used pages' +
      ' of other nodes instead\n',
  )
})

t.test('what belongs to a file that was there', async (t) => {
  const { stderr } = await testOnFake('2M=4 --path /mnt/huge/file', (_, mapper) => {
    mapper.existing.set('/mnt/huge/file', { pageSize: 2n * M, bytes: 8n * M })
    return undefined
  })
  t.match(
    stderr,
    '2M: 4 pages did not come back: /mnt/huge/file keeps what it has until it is deleted',
  )
})

t.test('pages of a file that somebody deletes meanwhile come back with its end', async (t) => {
  const path = '/mnt/huge/file'
  for (const line of [`2M=4 --path ${path}`, `2M=4 --path ${path} --processes 2`]) {
    const { status, said, stderr, document } = await testOnFake(line, (_, mapper) => {
      mapper.existing.set(path, { pageSize: 2n * M, bytes: 8n * M })
      mapper.onTouch = (page) => {
        if (page === 2) mapper.unlink(path)
      }
      return undefined
    })
    t.equal(status, 0)
    t.strictSame(document.steps.map(({ step }) => step).slice(-2), ['unmap', 'delete'])
    t.strictSame(said.slice(-2), [
      '4 pages stay with the file',
      'all pages and reservations came back',
    ])
    t.notMatch(stderr, 'did not come back')
    t.equal(document.advice, undefined)
  }
})

t.test('a file that is deleted meanwhile and open elsewhere', async (t) => {
  const path = '/mnt/huge/file'
  const { status, stdout, stderr } = await refusedOnFake(`2M=4 --path ${path}`, (_, mapper) => {
    mapper.existing.set(path, { pageSize: 2n * M, bytes: 8n * M })
    mapper.openExisting(path, 'shared')
    mapper.onTouch = (page) => {
      if (page === 2) mapper.unlink(path)
    }
    return undefined
  })
  t.equal(status, 0)
  t.match(stdout, /^deleted .* 4 pages did not come back$/m)
  t.match(stderr, `${path} was deleted meanwhile, and somebody else has it open or mapped`)
})

t.test('a signal while the kernel maps ends it at once', async (t) => {
  const kernel = fakeKernel(twoNodes)
  const mapper = { ...fakeMapper(kernel), map: () => new Promise<never>(() => {}) }
  const { clock } = mapper
  const { status, stderr } = await onFake(kernel, 'test 2M=4 --populate', {
    mapper,
    clock,
    watchSignals: () => ({
      pending: () => (clock.clock() > 100 ? 'SIGINT' : undefined),
      end: () => {},
    }),
  })
  t.equal(status, 'SIGINT')
  t.match(stderr, 'stopped by SIGINT while mapping')
  t.ok(clock.clock() < 600)
})

t.test('the document of a mapping that a signal ended names the signal', async (t) => {
  const kernel = fakeKernel(twoNodes)
  const mapper = { ...fakeMapper(kernel), map: () => new Promise<never>(() => {}) }
  const { status, stdout } = await onFake(kernel, 'test 2M=4 --json', {
    mapper,
    watchSignals: () => ({ pending: () => 'SIGTERM', end: () => {} }),
  })
  t.equal(status, 'SIGTERM')
  t.equal(errorSchema.parse(parseExact(stdout)).error.signal, 'SIGTERM')
})
