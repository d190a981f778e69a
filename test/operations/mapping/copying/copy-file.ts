import fs, {
  chmodSync,
  lstatSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { CopiedFile } from '../../../../src/model/mapping/copying/copy-result.ts'
import { copyFile } from '../../../../src/operations/mapping/copying/copy-file.ts'
import { copySchema, plannedCopySchema } from '../../../../src/output/schemas/cp-schema.ts'
import { copyStage, stagePage } from '../../../helpers/copy-stage.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { parseExact } from '../../../helpers/json.ts'
import { cellsOf, global2M, lines } from '../../../helpers/on-fake.ts'
import { portsOn } from '../../../helpers/persist.ts'

/** Bytes that differ from place to place. */
const pattern = (bytes: number): Buffer =>
  Buffer.alloc(
    bytes,
    Uint8Array.from({ length: 251 }, (_, at) => at + 1),
  )

const padded = (data: Buffer): Buffer =>
  Buffer.concat([data, Buffer.alloc((stagePage - (data.length % stagePage)) % stagePage)])

t.test('a file comes onto hugetlbfs and back', async (t) => {
  const stage = copyStage(t)
  const data = pattern(3 * stagePage - 5)
  writeFileSync(join(stage.plain, 'a'), data)
  t.strictSame(await stage.run('cp plain/a huge'), {
    status: 0,
    stdout: lines(
      'SOURCE  TARGET  SIZE  PAGES  HOLES  NODES',
      '/plain/a  /huge/a  6291451  3  0  0:3',
    ),
    stderr: lines(
      'hugepool: note: /huge/a: rounded up to whole pages of 2M: 5 zero bytes at the end that the source does not have',
    ),
  })
  t.ok(readFileSync(join(stage.huge, 'a')).equals(padded(data)))
  t.strictSame(cellsOf(stage.kernel, global2M), [10, 7, 0, 0])
  t.strictSame(await stage.run('cp huge/a plain/b --verify'), {
    status: 0,
    stdout: lines('SOURCE  TARGET  SIZE  PAGES  HOLES  NODES', '/huge/a  /plain/b  6M  3  0  -'),
    stderr: '',
  })
  t.ok(readFileSync(join(stage.plain, 'b')).equals(padded(data)))
  t.strictSame(stage.names(), { huge: ['a'], plain: ['a', 'b'] })
})

t.test('from one hugetlbfs to another, holes stay holes', async (t) => {
  const stage = copyStage(t)
  const page = pattern(stagePage)
  stage.makeHuge('a', [undefined, page, undefined, undefined, page, undefined])
  const { status, stdout } = await stage.run('cp huge/a huge/b --json --verify')
  t.equal(status, 0)
  const { seconds, ...document } = copySchema.parse(parseExact(stdout))
  t.strictSame(document, {
    version: 1,
    outcome: 'done',
    source: '/huge/a',
    target: '/huge/b',
    pageSize: 2097152n,
    size: 12582912n,
    targetSize: 12582912n,
    pages: 2n,
    holes: 4n,
    placement: [{ node: 0, pages: 2n }],
    verified: true,
    replaced: false,
    notes: [
      '/huge/b: 4 pages are holes: a program that touches one needs a page of the pool for it',
    ],
  })
  t.ok(readFileSync(join(stage.huge, 'b')).equals(readFileSync(join(stage.huge, 'a'))))
  t.strictSame(cellsOf(stage.kernel, global2M), [10, 6, 0, 0])
})

t.test('a file without holes keeps its pages of zeros', async (t) => {
  const stage = copyStage(t)
  stage.makeHuge('a', [Buffer.alloc(1), Buffer.alloc(1)])
  const { stdout } = await stage.run('cp huge/a huge/b --json')
  t.equal(copySchema.parse(parseExact(stdout)).pages, 2n)
})

t.test('holes of a disk stay holes in both directions', async (t) => {
  const stage = copyStage(t)
  const file = join(stage.plain, 'sparse')
  writeFileSync(file, pattern(1000))
  truncateSync(file, 5 * stagePage)
  const onto = await stage.run('cp plain/sparse huge')
  t.strictSame(onto, {
    status: 0,
    stdout: lines(
      'SOURCE  TARGET  SIZE  PAGES  HOLES  NODES',
      '/plain/sparse  /huge/sparse  10M  1  4  0:1',
    ),
    stderr: lines(
      'hugepool: note: /huge/sparse: 4 pages are holes: a program that touches one needs a page of the pool for it',
    ),
  })
  t.strictSame(cellsOf(stage.kernel, global2M), [10, 9, 0, 0], 'and nothing is reserved for them')
  t.equal((await stage.run('cp huge/sparse plain/back --verify')).status, 0)
  t.ok(readFileSync(join(stage.plain, 'back')).equals(readFileSync(file)))
  t.ok(statSync(join(stage.plain, 'back')).blocks * 512 <= stagePage)
})

t.test('an empty file is copied, and needs no page', async (t) => {
  const stage = copyStage(t, {
    nodes: [{ id: 0, memory: 2n ** 33n }],
    pools: [{ size: 2n ** 21n }],
  })
  writeFileSync(join(stage.plain, 'a'), '')
  t.strictSame(await stage.run('cp plain/a huge --verify'), {
    status: 0,
    stdout: lines('SOURCE  TARGET  SIZE  PAGES  HOLES  NODES', '/plain/a  /huge/a  0  0  0  -'),
    stderr: '',
  })
  t.equal((await stage.run('cp huge/a plain/b')).status, 0)
  t.equal(statSync(join(stage.plain, 'b')).size, 0)
})

t.test('pages lie on the nodes that are named', async (t) => {
  const stage = copyStage(t)
  writeFileSync(join(stage.plain, 'a'), pattern(2 * stagePage))
  const { stdout } = await stage.run('cp plain/a huge --node 1 --json')
  t.strictSame(copySchema.parse(parseExact(stdout)).placement, [{ node: 1, pages: 2n }])
  const both = await stage.run('cp plain/a huge/b --node all --json')
  t.equal(both.status, 0)
})

t.test('--preserve keeps the mode and the times, to the nanosecond', async (t) => {
  const stage = copyStage(t)
  const file = join(stage.plain, 'a')
  writeFileSync(file, 'a')
  utimesSync(file, 123.25, 1234567890.125)
  chmodSync(file, 0o4707)
  t.equal((await stage.run('cp -p plain/a huge')).status, 0)
  const kept = lstatSync(join(stage.huge, 'a'), { bigint: true })
  t.equal(kept.mtimeNs, 1234567890125000000n)
  t.equal(kept.mode & 0o7777n, 0o707n, 'without what gives the rights of its owner')
  t.equal((await stage.run('cp plain/a huge/b')).status, 0)
  t.not(lstatSync(join(stage.huge, 'b')).mtimeMs, 1234567890125)
})

t.test('a file that is there is replaced by --force alone', async (t) => {
  const stage = copyStage(t)
  writeFileSync(join(stage.plain, 'a'), 'new')
  writeFileSync(join(stage.huge, 'a'), 'old')
  t.strictSame(await stage.run('cp plain/a huge'), {
    status: 1,
    stdout: '',
    stderr: lines('hugepool: /huge/a: is there already', 'hint: --force replaces it'),
  })
  t.equal(readFileSync(join(stage.huge, 'a'), 'utf8'), 'old')
  const { status, stdout } = await stage.run('cp plain/a huge --force --json')
  t.equal(status, 0)
  t.equal(copySchema.parse(parseExact(stdout)).replaced, true)
  t.equal(readFileSync(join(stage.huge, 'a'), 'utf8').slice(0, 4), 'new\0')
  t.strictSame(stage.names().huge, ['a'])
})

t.test('a link to a file or a directory is followed', async (t) => {
  const stage = copyStage(t)
  writeFileSync(join(stage.plain, 'a'), 'a')
  symlinkSync('a', join(stage.plain, 'link'))
  symlinkSync(stage.huge, join(stage.plain, 'there'))
  t.match(await stage.run('cp plain/link plain/there'), { status: 0 })
  t.strictSame(stage.names().huge, ['link'])
  symlinkSync(join(stage.huge, 'link'), join(stage.plain, 'file'))
  t.match(await stage.run('cp plain/a plain/file --force'), { status: 0 })
  t.ok(lstatSync(join(stage.plain, 'file')).isSymbolicLink(), 'the link itself stays')
})

t.test('a dry run makes nothing and tells what is known', async (t) => {
  const stage = copyStage(t)
  writeFileSync(join(stage.plain, 'a'), pattern(stagePage + 1))
  const { status, stdout } = await stage.run('cp -p plain/a huge --dry-run --verify --json')
  t.equal(status, 0)
  t.strictSame(plannedCopySchema.parse(parseExact(stdout)), {
    version: 1,
    dryRun: true,
    source: '/plain/a',
    target: '/huge/a',
    pageSize: 2097152n,
    size: 2097153n,
    targetSize: 4194304n,
    pages: 2n,
    steps: ['create', 'reserve', 'copy', 'verify', 'preserve', 'name'],
    notes: [
      '/huge/a: rounded up to whole pages of 2M: 2097151 zero bytes at the end that the source does not have',
    ],
  })
  t.strictSame(stage.names().huge, [])
  stage.makeHuge('h', [undefined, Buffer.alloc(1)])
  t.match(await stage.run('cp huge/h huge/i --dry-run'), {
    status: 0,
    stderr: /does not show where its holes are/,
  })
})

type Write = (
  descriptor: number,
  data: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
  done: (error: Error | null, bytes: number) => void,
) => void

/** Stands for standard output, which takes what `take` does not throw at. */
const asOutput = (t: Test, take: (data: Buffer, position: number | null) => void): void => {
  const usual = fs.write
  const change = (write: unknown) => {
    Object.assign(fs, { write })
    syncBuiltinESMExports()
  }
  const write: Write = (descriptor, data, offset, length, position, done) => {
    if (descriptor !== 1) throw new Error(`a write to ${descriptor}`)
    try {
      take(Buffer.from(data.subarray(offset, offset + length)), position)
      done(null, length)
    } catch (error) {
      done(error as Error, 0)
    }
  }
  change(write)
  t.teardown(() => change(usual))
}

t.test('a file comes to standard output, whole and in order', async (t) => {
  const stage = copyStage(t)
  const pages = [1, 2, 3, 4, 5].map((byte) => Buffer.alloc(stagePage, byte))
  stage.makeHuge('a', pages)
  const written: Buffer[] = []
  asOutput(t, (data, position) => {
    t.equal(position, null)
    written.push(data)
  })
  t.strictSame(await stage.run('cp huge/a -'), { status: 0, stdout: '', stderr: '' })
  t.ok(Buffer.concat(written).equals(Buffer.concat(pages)))
})

t.test('what went to standard output was not read back', async (t) => {
  const stage = copyStage(t)
  const source = stage.makeHuge('a', [undefined, Buffer.alloc(stagePage, 1)])
  asOutput(t, () => {})
  const { kernel: tree, mapper } = stage
  const copied = await copyFile(
    {
      ...portsOn('/'),
      tree,
      native: () => nativeWith({}),
      mapper: async () => mapper,
      progress: () => {},
    },
    { source, target: '-', force: false, preserve: false, verify: false, dryRun: false },
  )
  const { plan, seconds, ...rest } = copied as CopiedFile
  t.strictSame(rest, {
    kind: 'copied',
    bytes: BigInt(2 * stagePage),
    length: BigInt(2 * stagePage),
    pages: 1n,
    placement: [],
    verified: false,
  })
})

t.test('a reader that has enough is no error, and a full disk is one', async (t) => {
  const stage = copyStage(t)
  stage.makeHuge('a', [Buffer.alloc(stagePage, 1)])
  for (const [errno, status, stderr] of [
    ['EPIPE', 0, ''],
    [
      'ENOSPC',
      1,
      lines(
        'hugepool: standard output: no space left on device (ENOSPC); what was written so far is not whole',
      ),
    ],
  ] as const)
    await t.test(errno, async (t) => {
      asOutput(t, () => {
        throw systemError(errno, 'write')
      })
      t.strictSame(await stage.run('cp huge/a -'), { status, stdout: '', stderr })
    })
})
