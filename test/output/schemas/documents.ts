import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { commands } from '../../../src/cli/commands.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import {
  type Document,
  type DocumentName,
  type DryRunDocument,
  type ErrorDocument,
  type PoolDocument,
  schemas,
} from '../../../src/output/schemas/documents.ts'
import { copyStage } from '../../helpers/copy-stage.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { hugeDirectory } from '../../helpers/huge-directory.ts'
import { parseExact } from '../../helpers/json.ts'
import { lastingStage } from '../../helpers/lasting-stage.ts'
import { onFake } from '../../helpers/on-fake.ts'
import { run, treeCopy } from '../../helpers/run.ts'
import { serviceMachine } from '../../helpers/service-machine.ts'
import { twoNodes } from '../../helpers/test-on-fake.ts'

/** Command lines of every command that end well, and a dry run of each that has one. */
const lines: Readonly<Record<DocumentName, readonly string[]>> = {
  list: ['list', 'list 2M'],
  resize: ['resize 2M=12', 'resize 2M=0:1', 'resize 2M=0 --dry-run'],
  overcommit: ['overcommit 2M=7', 'overcommit 2M=7 --dry-run'],
  demote: ['demote 1G=1', 'demote 1G=1 --dry-run'],
  mounts: ['mounts'],
  mount: ['mount /dev/hugepages', 'mount /mnt/x/y --mkdir --dry-run'],
  umount: ['umount /mnt/huge', 'umount /mnt/huge --lazy', 'umount /mnt/huge --dry-run'],
  cp: ['cp plain/a huge', 'cp plain/a huge --dry-run'],
  test: ['test 2M=2', 'test 2M=0:1,1:1 --steps --frames'],
  who: ['who', 'who 2M --by kind', 'who --by node'],
  files: [
    'files',
    'files --clean --yes --older 0s',
    'files --clean --keep *',
    'files --clean --dry-run',
  ],
  apply: ['apply', 'apply --dry-run'],
  check: ['check', 'check --syntax'],
  boot: [
    'boot',
    'boot --line hugepages=4',
    'boot --check --kernel all --line hugetlb_cma=1G',
    'boot 2M=4',
    'boot --install --line hugepages=4 --dry-run',
  ],
  service: ['service print dpdk', 'service install', 'service status', 'service remove --dry-run'],
  export: ['export', 'export --all'],
  schema: ['schema', 'schema list', 'schema config'],
  completion: ['completion bash'],
}

const configuration = '[pools.2M]\npages = 9\n[pools.16M]\npages = 1\noptional = true\n'

const onMachine = (line: string) => {
  const kernel = fakeKernel(twoNodes)
  kernel.extra.set('/proc/self/mountinfo', '')
  return onFake(kernel, `${line} --json`, { mapper: fakeMapper(kernel) })
}

const added = '99 28 0:70 / /mnt/huge rw - hugetlbfs none rw,pagesize=2M\n'

/** A recorded machine with one more mount, which umount2(2) takes away. */
const onTree = (t: Test, line: string) => {
  const root = treeCopy(t, 'two-nodes')
  const mountinfo = join(root, 'proc/self/mountinfo')
  const before = readFileSync(mountinfo, 'utf8')
  mkdirSync(join(root, 'mnt/huge'), { recursive: true })
  appendFileSync(mountinfo, added)
  const native = nativeWith({ umount: () => writeFileSync(mountinfo, before) })
  return run([...line.split(' '), '--json'], { tree: directoryTree(root), native })
}

/** A file is copied between directories of this disk, of which one has pages. */
const onStage = (t: Test, line: string) => {
  const stage = copyStage(t)
  writeFileSync(join(stage.plain, 'a'), 'a')
  return stage.run(`${line} --json`)
}

/** On a machine that has the files that a command is about. */
const resultOf = (t: Test, name: DocumentName, line: string) => {
  if (name === 'cp') return onStage(t, line)
  if (name === 'files') return hugeDirectory(t, ['rtemap_0', 'b']).run(`${line} --json`)
  if (name === 'apply' || name === 'check')
    return lastingStage(t, { '/etc/hugepool.toml': configuration }).hugepool(`${line} --json`)
  if (name === 'service') return serviceMachine(t).hugepool(`${line} --json`)
  return /mount/.test(name) ? onTree(t, line) : onMachine(line)
}

t.test('every command has a schema, and every schema a command', async (t) => {
  t.strictSame(
    Object.keys(schemas),
    commands.map(({ name }) => name),
  )
})

t.test('every command that has a dry run is tried with it', async (t) => {
  for (const { name, options } of commands)
    t.equal(
      lines[name as DocumentName].some((line) => line.endsWith(' --dry-run')),
      options.some((option) => option.name === 'dry-run'),
      name,
    )
})

for (const name of Object.keys(schemas) as DocumentName[])
  for (const line of lines[name])
    t.test(`${line} --json is as its schema has it`, async (t) => {
      const { stdout } = await resultOf(t, name, line)
      const found = parseExact(stdout) as object
      t.strictSame(schemas[name].parse(found), found)
      t.notOk('error' in found, stdout)
      t.throws(() => schemas[name].parse({ ...found, more: 1 }), { name: 'ZodError' })
    })

t.test('a command needs no more of a schema than its type', async (t) => {
  const source = join(import.meta.dirname, '../../../src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const loading = files.filter(
    (name) =>
      name.endsWith('.ts') &&
      /^import (?!type )[^']*'(?:zod|(?!\.\/commands\/)[^']*schema[^']*)'/m.test(
        readFileSync(join(source, name), 'utf8'),
      ),
  )
  t.strictSame(loading.sort(), [
    'model/config/config-file.ts',
    'model/config/config-schema.ts',
    'output/schemas/boot-schema.ts',
    'output/schemas/cp-schema.ts',
    'output/schemas/desired-schema.ts',
    'output/schemas/documents.ts',
    'output/schemas/export-schema.ts',
    'output/schemas/files-schema.ts',
    'output/schemas/json-schemas.ts',
    'output/schemas/kept-schema.ts',
    'output/schemas/loader-schema.ts',
    'output/schemas/mounts-schema.ts',
    'output/schemas/parts.ts',
    'output/schemas/schema-schema.ts',
    'output/schemas/schema.ts',
    'output/schemas/service-schema.ts',
    'output/schemas/test-schema.ts',
    'output/schemas/umount-schema.ts',
    'output/schemas/who-schema.ts',
    'output/schemas/writer-schema.ts',
  ])
})

t.test('a document that is not as its schema has it does not compile', async (t) => {
  const pool: PoolDocument = {
    ...{ pageSize: 2n, total: 1n, persistent: 1n, free: 1n, inUse: 0n, surplus: 0n, memory: 2n },
  }
  const whole: Document<'list'> = { pools: [pool] }
  // @ts-expect-error A key is missing.
  const lacking: Document<'list'> = {}
  // @ts-expect-error A key is unknown.
  const unknown: Document<'list'> = { pools: [], more: 1 }
  // @ts-expect-error A number of pages is no number of JavaScript.
  const inexact: PoolDocument = { ...pool, total: 1 }
  // @ts-expect-error No command is called so.
  const nobody: Document<'nobody'> = { pools: [] }
  const writes: DryRunDocument = { dryRun: true, writes: [{ path: '/sys/x', value: 5n }] }
  // @ts-expect-error There is no such code.
  const error: ErrorDocument = { code: 'E_NOBODY', reason: 'kernel', message: 'words' }
  // @ts-expect-error There is no such reason.
  const unknownError: ErrorDocument = { code: 'E_KERNEL', reason: 'nothing', message: 'words' }
  t.equal([whole, lacking, unknown, inexact, nobody, writes, error, unknownError].length, 8)
})
