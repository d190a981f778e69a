import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { shareWord } from '../../src/kernel/mapping/sharing/share-word.ts'
import { run, treePath } from '../helpers/run.ts'

// Of the program that is one file on processors that are not this one: HUGEPOOL_TEST_ARCH names another
// kind, for which npm run dist has to be run before. Without it the file of this kind runs on an old one.

const top = join(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
const arch = process.env.HUGEPOOL_TEST_ARCH ?? process.arch
const oneFile = join(top, `release/hugepool-${version}-linux-${arch}`)

/** Saved memory and code caches are made on another processor than these. */
const processors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  x64: [['qemu-x86_64', '-cpu', 'qemu64']],
  arm64: ['cortex-a57', 'max'].map((name) => [
    ...['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'],
    ...['-cpu', name],
  ]),
}

const onProcessor = ([command = '', ...under]: readonly string[], words: readonly string[]) => {
  const all = [...under, oneFile, ...words]
  const { status, stdout, stderr } = spawnSync(command, all, { encoding: 'utf8', input: '' })
  return { status, stdout, stderr }
}

t.setTimeout(600_000)

for (const processor of processors[arch] ?? [])
  t.test(`it does the same under ${processor.join(' ')}`, async (t) => {
    t.ok(existsSync(oneFile), `${oneFile}: npm run dist makes it`)
    for (const words of [['list'], ['list', '-N', '--json'], ['mounts'], ['list', '2X'], ['--help']]) {
      const expected = await run(words, { tree: 'two-nodes' })
      const typed = words[0] === '--help' ? words : [...words, '--sysroot', treePath('two-nodes')]
      t.strictSame(onProcessor(processor, typed), expected, words.join(' '))
    }
    const { status, stdout, stderr } = onProcessor(processor, ['man', 'list'])
    t.strictSame({ status, stderr }, { status: 0, stderr: '' })
    t.match(stdout, /^HUGEPOOL-LIST\(8\) /)
    const addon = onProcessor(processor, [shareWord])
    t.strictSame(addon, { status: 0, stdout: '', stderr: '' }, 'the addon is loaded')
  })
