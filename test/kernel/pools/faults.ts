import t from 'tap'
import type { Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { listSchema } from '../../../src/output/schemas/schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { run, treeOf } from '../../helpers/run.ts'

const directory = '/sys/kernel/mm/hugepages/hugepages-2048kB'

const errno = (code: string): Error => Object.assign(new Error(code), { code })

/** A machine whose files at fault are read through `fault`: a text, or an error. */
const faulty = (path: string, fault: () => string | Error, name = 'one-node'): Tree => {
  const tree = treeOf(name)
  const read = (asked: string) => {
    if (asked !== path) return tree.read(asked)
    const text = fault()
    if (text instanceof Error) throw text
    return octets(text)
  }
  return { ...tree, read }
}

const listed = async (file: string, text: string | Error) =>
  run(['list', '-ro', 'SIZE,RESERVED,AVAILABLE,OVERCOMMIT'], {
    tree: faulty(`${directory}/${file}`, () => text),
  })

t.test('overcommit of 2^64 - 1 is exact in every format', async (t) => {
  const tree = faulty(`${directory}/nr_overcommit_hugepages`, () => '18446744073709551615\n')
  const stdout = async (...words: readonly string[]) =>
    (await run(['list', '2M', ...words], { tree })).stdout
  t.match(await stdout(), / 18446744073709551615 {4}200M/)
  t.equal(await stdout('-rno', 'OVERCOMMIT'), '18446744073709551615\n')
  t.equal(await stdout('-brno', 'OVERCOMMIT'), '18446744073709551615\n')
  t.match(await stdout('--json'), ',"overcommit":18446744073709551615,')
  t.match(await stdout('--per-node'), / 18446744073709551615 /)
})

t.test('a total of 2^64 - 1 has its memory in exact bytes', async (t) => {
  const tree = faulty(`${directory}/nr_hugepages`, () => '18446744073709551615\n')
  const { stdout } = await run(['list', '2M', '-rbno', 'TOTAL,MEMORY'], { tree })
  t.equal(stdout, `18446744073709551615 ${(2n ** 64n - 1n) * 2097152n}\n`)
})

t.test('a count of reserved pages that wrapped is below zero, with a note', async (t) => {
  const { status, stdout, stderr } = await listed('resv_hugepages', '18446744073709551615\n')
  t.equal(status, 0)
  t.equal(stdout, 'SIZE RESERVED AVAILABLE OVERCOMMIT\n2M -1 97 0\n1G 0 0 0\n')
  t.match(stderr, /^hugepool: 2M: the kernel's count of reserved pages is below zero, .*\n$/)
  const tree = faulty(`${directory}/resv_hugepages`, () => '18446744073709551615\n')
  const json = await run(['list', '--json'], { tree })
  t.match(listSchema.parse(parseExact(json.stdout)).pools, [{ reserved: -1n, available: 97n }, {}])
})

t.test('an optional attribute that is missing or kept back is a dash', async (t) => {
  for (const code of ['ENOENT', 'EACCES'])
    t.match(await listed('resv_hugepages', errno(code)), {
      status: 0,
      stdout: /^2M - - 0$/m,
      stderr: /^$/,
    })
  t.match(await listed('nr_overcommit_hugepages', errno('ENOENT')), { stdout: /^2M 2 95 -$/m })
})

t.test('an attribute that has to be there and is not', async (t) => {
  t.strictSame(await listed('nr_hugepages', errno('ENOENT')), {
    status: 4,
    stdout: '',
    stderr: `hugepool: ${directory}/nr_hugepages: no such attribute in this kernel\n`,
  })
})

t.test('garbage in an attribute is no number', async (t) => {
  for (const file of [
    'nr_hugepages',
    'free_hugepages',
    'surplus_hugepages',
    'resv_hugepages',
    'nr_overcommit_hugepages',
  ])
    for (const text of ['', 'garbage\n', '-1\n', '0x10\n', '\u001b[2J\n'])
      t.strictSame(await listed(file, text), {
        status: 1,
        stdout: '',
        stderr: `hugepool: ${directory}/${file}: expected a number, found ${JSON.stringify(text)}\n`,
      })
})

t.test('garbage in other files', async (t) => {
  const large = '/sys/kernel/mm/hugepages/hugepages-1048576kB/demote_size'
  t.hasStrict(await run(['list'], { tree: faulty(large, () => 'huge\n') }), {
    status: 1,
    stderr: `hugepool: ${large}: expected a size in kB, found "huge\\n"\n`,
  })
  const node = '/sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages'
  t.match(await run(['list', '-N'], { tree: faulty(node, () => '?\n') }), { status: 1 })
  const memory = '/sys/devices/system/node/has_memory'
  t.hasStrict(await run(['resize', '2M=1', '--dry-run'], { tree: faulty(memory, () => '0-\n') }), {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${memory}: expected a list of nodes\n`,
  })
})

t.test('input and output errors', async (t) => {
  for (const file of ['nr_hugepages', 'resv_hugepages'])
    t.strictSame(await listed(file, errno('EIO')), {
      status: 1,
      stdout: '',
      stderr: `hugepool: ${directory}/${file}: input/output error (EIO)\n`,
    })
  t.hasStrict(await run(['list'], { tree: faulty('/proc/meminfo', () => errno('EIO')) }), {
    status: 1,
    stderr: 'hugepool: /proc/meminfo: input/output error (EIO)\n',
  })
})

t.test('counters that are for root only', async (t) => {
  t.hasStrict(await listed('nr_hugepages', errno('EACCES')), {
    status: 3,
    stderr: `hugepool: ${directory}/nr_hugepages: permission denied\nhint: run it as root\n`,
  })
})

t.test('counters that change while they are read are read again', async (t) => {
  let reads = 0
  const tree = faulty(`${directory}/free_hugepages`, () => {
    reads += 1
    return reads < 6 ? `${reads * 300}\n` : '50\n'
  })
  t.hasStrict(await run(['list', '2M', '-rno', 'TOTAL,FREE,IN-USE'], { tree }), {
    status: 0,
    stdout: '100 50 50\n',
    stderr: '',
  })
})

t.test('counters that never agree are shown without nonsense, and that is said', async (t) => {
  let reads = 0
  const tree = faulty(`${directory}/free_hugepages`, () => {
    reads += 1
    return `${reads * 7}\n`
  })
  const { status, stdout, stderr } = await run(['list', '2M', '-rno', 'TOTAL,FREE,IN-USE'], {
    tree,
  })
  t.equal(status, 0)
  t.equal(stdout, '100 98 2\n', 'the fourteenth of sixteen readings')
  t.match(stderr, /^hugepool: 2M: the counters kept changing while they were read, .*\n$/)
})

const refusing = (code: string): Tree => ({
  ...treeOf('one-node'),
  checkWritable: () => {},
  write: () => {
    throw errno(code)
  },
})

t.test('a write that the kernel refuses', async (t) => {
  const statuses: Readonly<Record<string, readonly [number, RegExp]>> = {
    EACCES: [3, /nr_hugepages: permission denied\nhint: run it as root\n$/],
    EPERM: [3, /nr_hugepages: operation not permitted/],
    EROFS: [3, /nr_hugepages: read-only file system\nhint: this looks like a container/],
    EIO: [1, /nr_hugepages: input\/output error \(EIO\)/],
    ENOMEM: [1, /nr_hugepages: the kernel has no memory for it \(ENOMEM\)/],
    EINVAL: [4, /the kernel cannot change the number of 2M pages while it runs \(EINVAL\)\nhint: /],
    ENOENT: [4, /nr_hugepages: no such attribute in this kernel/],
  }
  for (const [code, [status, stderr]] of Object.entries(statuses))
    t.match(
      await run(['resize', '2M=5'], { tree: refusing(code) }),
      { status, stdout: /^$/, stderr },
      code,
    )
})

t.test('overcommit of gigantic pages before 6.19', async (t) => {
  t.match(await run(['overcommit', '1G=5'], { tree: refusing('EINVAL') }), {
    status: 4,
    stderr: /the kernel allows no overcommit of 1G pages \(EINVAL\)\nhint: .* from Linux 6\.19 on/,
  })
})
