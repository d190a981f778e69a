import { copyFileSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { filesSchema } from '../../src/output/schemas/files-schema.ts'
import { mountsSchema } from '../../src/output/schemas/mounts-schema.ts'
import { unseenIn } from '../helpers/hostile.ts'
import { look } from './support/accounts.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { setPool, smallest } from './support/machine.ts'
import { mountOn } from './support/mounted.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'

const live = liveOn('pools that can be set', 'processes: mounts')

const pool = 8

/** A name of 255 bytes, the longest: it clears the screen, forges a hint and turns what follows. */
const begin = "a\u001b[2J\u001b]0;b\u0007\r\nhint: c\td\u202ee\u200bf';id;'"
const longest = begin.padEnd(255 - Buffer.byteLength(begin) + begin.length, 'x')

const check = (t: Test, line: string, text: string): void => {
  t.strictSame(unseenIn(text), [], `hugepool ${line}: no character is obeyed`)
  t.notMatch(text, /^(?:hint: )?c[\\\t]/m, `hugepool ${line}: no line is forged`)
}

/** The program that holds pages, under another name, which is then that of its processes. */
const namedHolder = (t: Test, name: string): void => {
  const holder = process.env.HUGEPOOL_TEST_HOLDER ?? ''
  const copy = `${temporaryDirectory()}/${name}`
  copyFileSync(holder, copy)
  process.env.HUGEPOOL_TEST_HOLDER = copy
  t.teardown(() => {
    process.env.HUGEPOOL_TEST_HOLDER = holder
  })
}

live('names that a terminal would obey, of mounts, files and processes', async (t) => {
  setPool(smallest, pool)
  const directory = `${temporaryDirectory()}/${longest}`
  mkdirSync(directory)
  await mountOn(directory)
  const odd = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from('gr\xfc\x1bn', 'latin1')])
  writeFileSync(odd, '')
  const command = 'a\u001b[2J\n\u202eb'
  namedHolder(t, command)
  const file = `${directory}/${longest}`
  const holder = await hold(smallest, { pages: 2, touch: 1, sharing: 'shared', file })
  const lines = [
    ...['who', 'who --all', 'files', 'mounts'].flatMap((line) => [
      line,
      `${line} --color=always`,
      `${line} --raw --output-all`,
      `${line} --pairs --output-all`,
      `${line} --json`,
    ]),
    ...['watch --count 1 --json', 'metrics --holders', `resize ${smallest}=0 --dry-run`, 'doctor'],
    'export',
  ]
  for (const line of lines) {
    const { out, err } = await hugepool(...line.split(' '))
    check(t, line, out)
    check(t, line, err)
  }
  for (const line of ['__complete umount ', '__complete who --pid ']) {
    const { out } = await hugepool(...line.split(' '))
    // A tab parts a candidate and its help.
    check(t, line, out.replaceAll('\t', ' '))
  }
  const busy = await hugepool('umount', directory)
  t.equal(busy.status, 1)
  check(t, 'umount', busy.err)
  t.match(busy.err, `(a\\033[2J\\012\\342\\200\\256b)`)
  const { document } = await look()
  t.match(document.holders, [{ command, name: file }])
  const { document: mounts } = await hugepoolJson(mountsSchema, 'mounts')
  t.ok(mounts.mounts.some(({ target }) => target === directory))
  const { document: files } = await hugepoolJson(filesSchema, 'files')
  t.strictSame(
    files.files
      .map(({ path }) => path)
      .filter((path) => path.startsWith(directory))
      .toSorted(),
    [file, `${directory}/gr\\374\u001bn`].toSorted(),
  )
  await holder.release()
  unlinkSync(odd)
  unlinkSync(file)
})
