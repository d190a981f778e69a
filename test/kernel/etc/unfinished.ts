import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeOwned, removeIfEmpty } from '../../../src/kernel/etc/unfinished.ts'
import { beforeCalls, diskFull } from '../../helpers/changing-calls.ts'
import { temporary } from '../../helpers/run.ts'
import { standIn } from '../../helpers/standing-in.ts'

t.test('what is given away is made under another name, after what was left goes', async (t) => {
  const directory = temporary(t)
  const at = (name: string) => join(directory, name)
  const { uid, gid } = statSync(directory)
  writeFileSync(at('.#hugepool-00000000'), '')
  const made: string[] = []
  makeOwned(at('new'), { uid, gid }, (path) => {
    made.push(...readdirSync(directory), path.slice(at('.#hugepool-').length))
    mkdirSync(path)
  })
  t.match(made, [/^[\da-f]{8}$/], 'nothing was left beside it')
  t.equal(made.length, 1)
  t.strictSame(readdirSync(directory), ['new'])
})

t.test('what keeps its owner, or has the name of another, is made as it is', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'new')
  const { uid, gid } = statSync(directory)
  const made: string[] = []
  const make = (path: string) => {
    made.push(path)
    mkdirSync(path)
  }
  makeOwned(file, undefined, make)
  t.throws(() => makeOwned(file, { uid, gid }, make), { code: 'EEXIST', path: file })
  t.strictSame(made, [file, file])
})

t.test('what cannot be renamed goes', async (t) => {
  const directory = temporary(t)
  const { uid, gid } = statSync(directory)
  beforeCalls(t, (call) => {
    if (call === 'rename') throw diskFull(call)
  })
  t.throws(() => makeOwned(join(directory, 'new'), { uid, gid }, mkdirSync), {
    code: 'ENOSPC',
    syscall: 'rename',
  })
  t.strictSame(readdirSync(directory), [])
})

t.test('it is given away before it has its name, and not through a link', async (t) => {
  const directory = temporary(t)
  const given: unknown[] = []
  standIn(t, {
    lchownSync: (path: string, ...owner: readonly unknown[]) => {
      given.push(
        owner,
        readdirSync(directory).map((name) => join(directory, name) === path),
      )
    },
  })
  makeOwned(join(directory, 'new'), { uid: 12, gid: 34 }, mkdirSync)
  t.strictSame(given, [[12, 34], [true]])
  t.strictSame(readdirSync(directory), ['new'])
})

t.test('a directory goes where it is empty, and one that is missing is told', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'full/empty'), { recursive: true })
  removeIfEmpty(join(directory, 'full'))
  t.strictSame(readdirSync(directory), ['full'])
  removeIfEmpty(join(directory, 'full/empty'))
  removeIfEmpty(join(directory, 'full'))
  t.strictSame(readdirSync(directory), [])
  t.throws(() => removeIfEmpty(join(directory, 'full')), { code: 'ENOENT' })
})
