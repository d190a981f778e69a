import t from 'tap'
import type { Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { listSchema } from '../../../src/output/schemas/pools-schema.ts'
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
  t.match(await stdout('-o', '+OVERCOMMIT'), / 18446744073709551615\n/)
  t.equal(await stdout('-rno', 'OVERCOMMIT'), '18446744073709551615\n')
  t.equal(await stdout('-brno', 'OVERCOMMIT'), '18446744073709551615\n')
  t.match(await stdout('--json'), ',"overcommit":18446744073709551615,')
  t.match(await stdout('--per-node', '-o', '+OVERCOMMIT'), / 18446744073709551615\n/)
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
  t.match(stderr, /^hugepool: note: 2M: the kernel's count of reserved pages is below zero, .*\n$/)
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

/** The cells RESERVED, AVAILABLE and OVERCOMMIT of the pool in which one file is at fault. */
const cellsWithout: Readonly<Record<string, string>> = {
  nr_hugepages: '2 95 0',
  free_hugepages: '2 - 0',
  surplus_hugepages: '2 95 0',
  resv_hugepages: '- - 0',
  nr_overcommit_hugepages: '2 95 -',
}

t.test('garbage in one attribute hides nothing else', async (t) => {
  for (const [file, cells] of Object.entries(cellsWithout))
    for (const text of ['', 'garbage\n', '-1\n', '0x10\n', '\u001b[2J\n'])
      t.strictSame(await listed(file, text), {
        status: 64,
        stdout: `SIZE RESERVED AVAILABLE OVERCOMMIT\n2M ${cells}\n1G 0 0 0\n`,
        stderr: `hugepool: 2M: ${directory}/${file}: expected a number, found ${JSON.stringify(text)}\n`,
      })
})

t.test('an attribute that cannot be read hides nothing else', async (t) => {
  const words: Readonly<Record<string, string>> = {
    EIO: 'input/output error (EIO)',
    ENOENT: 'no such attribute in this kernel',
    EACCES: 'permission denied',
  }
  for (const [code, why] of Object.entries(words)) {
    const tree = faulty(`${directory}/nr_hugepages`, () => errno(code))
    t.strictSame(await run(['list', '-ro', 'SIZE,TOTAL,PERSISTENT,FREE,IN-USE,MEMORY'], { tree }), {
      status: 64,
      stdout: 'SIZE TOTAL PERSISTENT FREE IN-USE MEMORY\n2M - - 97 - -\n1G 0 0 0 0 0\n',
      stderr: `hugepool: 2M: ${directory}/nr_hugepages: ${why}\n`,
    })
  }
  t.match(await listed('resv_hugepages', errno('EIO')), { status: 64, stdout: /^2M - - 0$/m })
  const tree = faulty('/proc/meminfo', () => errno('EIO'))
  t.hasStrict(await run(['list', '-rno', 'SIZE,TOTAL,DEFAULT'], { tree }), {
    status: 64,
    stdout: '2M 100 -\n1G 0 -\n',
    stderr:
      'hugepool: /proc/meminfo: input/output error (EIO): it is not known which size is the default\n',
  })
})

const largeDirectory = '/sys/kernel/mm/hugepages/hugepages-1048576kB'
const nodeFile = '/sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages'

t.test('the size that demote splits into', async (t) => {
  const tree = faulty(`${largeDirectory}/demote_size`, () => 'huge\n')
  t.strictSame(await run(['list', '-ro', 'SIZE,TOTAL,DEMOTE-SIZE'], { tree }), {
    status: 64,
    stdout: 'SIZE TOTAL DEMOTE-SIZE\n2M 100 -\n1G 0 -\n',
    stderr: `hugepool: 1G: ${largeDirectory}/demote_size: expected a size in kB, found "huge\\n"\n`,
  })
})

t.test('a file of a node hides neither its other counters nor other nodes', async (t) => {
  const tree = faulty(nodeFile, () => '?\n', 'two-nodes')
  t.strictSame(await run(['list', '-nro', 'SIZE,NODE,TOTAL,FREE,IN-USE', '-N'], { tree }), {
    status: 64,
    stdout: '2M all 100 90 10\n2M 0 64 - -\n2M 1 36 30 6\n1G all 1 1 0\n1G 0 0 0 0\n1G 1 1 1 0\n',
    stderr: `hugepool: 2M: ${nodeFile}: expected a number, found "?\\n"\n`,
  })
  t.match(await run(['list'], { tree }), { status: 0, stderr: /^$/ }, 'no node is asked for')
  const { pools } = listSchema.parse(parseExact((await run(['list', '-J'], { tree })).stdout))
  t.match(pools, [{ total: 100n, notUnderstood: [nodeFile], nodes: [{ total: 64n }, {}] }, {}])
  t.notOk('free' in (pools[0]?.nodes?.[0] ?? {}))
  t.notOk('notUnderstood' in (pools[1] ?? {}))
})

t.test('only the pools that are asked for count', async (t) => {
  const tree = faulty(`${directory}/free_hugepages`, () => '?\n')
  t.match(await run(['list', '1G'], { tree }), { status: 0, stderr: /^$/ })
  t.match(await run(['list', '2M', '-nro', 'SIZE,TOTAL'], { tree }), {
    status: 64,
    stdout: /^2M 100$/m,
  })
  t.match(await run(['list', 'default', '-nro', 'SIZE'], { tree }), {
    status: 64,
    stdout: /^2M$/m,
  })
  t.match(await run(['list', '64K'], { tree }), { status: 4, stderr: /hint: .* 2M, 1G\n$/ })
})

t.test('where nothing at all can be read, that is the error', async (t) => {
  const { read, ...rest } = treeOf('one-node')
  const denied = (path: string) => {
    if (path.startsWith('/sys/kernel/mm/hugepages/')) throw errno('EACCES')
    return read(path)
  }
  t.strictSame(await run(['list'], { tree: { ...rest, read: denied } }), {
    status: 3,
    stdout: '',
    stderr: `hugepool: ${directory}/nr_hugepages: permission denied\nhint: run it as root\n`,
  })
})

t.test('what is about a pool fails where it cannot be read, and nothing else does', async (t) => {
  const tree = faulty(`${largeDirectory}/free_hugepages`, () => '?\n')
  const dry = async (...words: readonly string[]) => run([...words, '--dry-run'], { tree })
  const failure = {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${largeDirectory}/free_hugepages: expected a number, found "?\\n"\n`,
  }
  t.match(await dry('resize', '2M=120', '--leave', '0'), { status: 0, stdout: /^echo 120 > /m })
  t.match(await dry('overcommit', '2M=8'), { status: 0 })
  t.strictSame(await dry('resize', '1G=1'), failure)
  t.strictSame(await dry('resize', '2M=1', '1G=1'), failure)
  t.strictSame(await dry('overcommit', '1G=1'), failure)
  t.strictSame(await dry('demote', '1G=1'), failure)
})

t.test('garbage in other files', async (t) => {
  const memory = '/sys/devices/system/node/has_memory'
  t.hasStrict(await run(['resize', '2M=1', '--dry-run'], { tree: faulty(memory, () => '0-\n') }), {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${memory}: expected a list of nodes\n`,
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
  t.match(stderr, /^hugepool: note: 2M: the counters kept changing while they were read, .*\n$/)
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

t.test('a mount whose pool cannot be read is not compared with a request', async (t) => {
  const path = `${largeDirectory}/free_hugepages`
  const tree = faulty(path, () => '?\n', 'two-nodes')
  for (const words of ['mount /mnt/huge1g', 'mount /mnt/other --mkdir --pagesize 1G'])
    t.strictSame(await run([...words.split(' '), '--dry-run'], { tree }), {
      status: 1,
      stdout: '',
      stderr: `hugepool: ${path}: expected a number, found "?\\n"\n`,
    })
  const other = ['mount', '/mnt/other', '--mkdir', '--dry-run']
  t.match(await run(other, { tree }), { status: 0, stdout: /^mkdir/ })
})
