import { existsSync, lstatSync, mkdirSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { filesSchema } from '../../src/output/schemas/files-schema.ts'
import { booksOf, look } from './support/accounts.ts'
import { hold } from './support/holder.ts'
import { atEnd, liveOn } from './support/live.ts'
import { countsOf, setPool, smallest } from './support/machine.ts'
import { mounted, mountOn, sleeping } from './support/mounted.ts'
import { hugepoolJson, run, within } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'

const live = liveOn('pools that can be set', 'processes: mounts')

const pool = 8

const leave = async (file: string): Promise<void> => {
  const { release } = await hold(smallest, { pages: 1, touch: 1, sharing: 'shared', file })
  await release()
}

const list = async (...words: readonly string[]) =>
  (await hugepoolJson(filesSchema, 'files', ...words)).document

const clean = () => list('--clean', '--older', '0s', '--yes')

const names = ({ files }: Awaited<ReturnType<typeof list>>, ...tops: readonly string[]) =>
  files
    .map(({ path }) => tops.reduce((name, top, at) => name.replace(top, `${at}`), path))
    .toSorted()

live('a file whose name is not UTF-8 is counted, and stays', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const odd = Buffer.concat([Buffer.from(directory), Buffer.from('/gr\xfcn', 'latin1')])
  await run(['sh', '-c', `: > "$(printf '%s/gr\\374n' ${directory})"`])
  await run(['sh', '-c', `fallocate -l ${smallest} ${directory}/gr*`])
  t.equal(countsOf(smallest).free, pool - 1)
  const { document } = await look()
  t.hasStrict(booksOf(document), { inUse: 1, explained: 1, unexplained: 0 })
  t.strictSame(
    document.holders.map(({ holds, name }) => [holds, name]),
    [['file', `${directory}/gr\\374n`]],
  )
  const cleaned = await clean()
  t.strictSame([names(cleaned, directory), cleaned.removed], [['0/gr\\374n'], []])
  t.strictSame(cleaned.kept?.length, 1)
  t.ok(lstatSync(odd).isFile())
  unlinkSync(odd)
})

/** Binds a path elsewhere and takes the mount itself away, which a process in another namespace keeps. */
const bindAlone = async (directory: string, from: string, to: string) => {
  const { child } = await sleeping(['unshare', '-m'])
  await run(['mount', '--bind', from, to])
  atEnd(async () => {
    await run(['umount', '-l', to])
  })
  await run(['umount', directory])
  return `/proc/${child.pid}/root${directory}`
}

live('a part of a mount here, and the rest in another namespace', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  mkdirSync(`${directory}/sub`)
  for (const name of ['a', 'sub/b']) await leave(`${directory}/${name}`)
  const here = temporaryDirectory()
  const there = await bindAlone(directory, `${directory}/sub`, here)
  t.hasStrict(booksOf((await look()).document), { inUse: 2, explained: 2 })
  t.strictSame(names(await list(), directory, here), ['0/a', '1/b'])
  await clean()
  t.notOk(existsSync(`${there}/a`))
  t.equal(countsOf(smallest).free, pool)
  rmdirSync(`${there}/sub`)
})

live('a file that is mounted by itself', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  for (const name of ['a', 'b']) await leave(`${directory}/${name}`)
  const here = `${temporaryDirectory()}/single`
  writeFileSync(here, '')
  const there = await bindAlone(directory, `${directory}/a`, here)
  t.hasStrict(booksOf((await look()).document), { inUse: 2, explained: 2 })
  t.strictSame(names(await list(), directory, here), ['0/b', '1'])
  unlinkSync(`${there}/b`)
  t.strictSame(names(await list(), directory, here), ['1'])
})

live('a mount that is shared with another namespace has each file once', async (t) => {
  setPool(smallest, pool)
  const top = temporaryDirectory()
  const directory = `${top}/huge`
  mkdirSync(directory)
  await run(['mount', '--bind', top, top])
  atEnd(async () => {
    await run(['umount', '-l', top])
    rmdirSync(directory)
  })
  await run(['mount', '--make-shared', top])
  const { child } = await sleeping(['unshare', '-m', '--propagation', 'unchanged'])
  await mountOn(directory)
  await leave(`${directory}/a`)
  t.ok(existsSync(`/proc/${child.pid}/root${directory}/a`), 'it is there too')
  t.hasStrict(booksOf((await look('--all')).document), { inUse: 1, explained: 1 })
  t.strictSame(names(await list(), directory), ['0/a'])
  t.strictSame((await clean()).removed, [`${directory}/a`])
  t.equal(countsOf(smallest).free, pool)
})

live('the lines of a dry run, where a name could control the terminal', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  await leave(`${directory}/a\u001b[31m\nb`)
  const { out } = await within(['files', directory, '--clean', '--older', '0s', '--dry-run'])
  t.equal(out, `rm -- "$(printf '${directory}/a\\033[31m\\012b')"\n`)
  await run(['sh', '-c', out])
  t.strictSame(names(await list()), [])
  t.equal(countsOf(smallest).free, pool)
})
