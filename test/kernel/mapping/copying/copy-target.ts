import { closeSync, lstatSync, mkdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  checkMayCreate,
  checkOtherFile,
  findCopyTarget,
} from '../../../../src/kernel/mapping/copying/copy-target.ts'
import { answering } from '../../../helpers/failing-files.ts'
import { fill } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

/** What is found, with the directory that the descriptor stands for in place of its number. */
const found = (typed: string, source = '/from/a') => {
  const { descriptor, ...rest } = findCopyTarget(typed, source)
  try {
    return { ...rest, opened: readlinkSync(`/proc/self/fd/${descriptor}`) }
  } finally {
    closeSync(descriptor)
  }
}

const statOf = (path: string) => lstatSync(path, { bigint: true })

t.test('a file that is not there', async (t) => {
  const top = temporary(t)
  t.strictSame(found(join(top, 'b')), { path: join(top, 'b'), directory: top, opened: top })
})

t.test('a file that is there', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { b: 'old' } })
  const path = join(top, 'b')
  t.strictSame(found(path), { path, directory: top, opened: top, stat: statOf(path) })
})

t.test('in a directory the file keeps its name', async (t) => {
  const top = temporary(t)
  const path = join(top, 'a')
  const place = { path, directory: top, opened: top }
  for (const typed of [top, `${top}/`]) t.strictSame(found(typed), place)
  t.strictSame(found(top, 'a'), place)
  fill(top, { texts: { a: 'old' } })
  t.strictSame(found(top), { ...place, stat: statOf(path) })
  t.throws(() => findCopyTarget(top, '-'), {
    code: 'E_USAGE',
    message: `${top}: is a directory`,
    hint: 'standard input has no name: give one',
  })
  t.strictSame(found(path, '-'), { ...place, stat: statOf(path) })
})

t.test('links are followed', async (t) => {
  const top = temporary(t)
  fill(top, {
    texts: { 'deep/b': 'old' },
    links: { file: 'deep/b', folder: 'deep', loose: 'none', 'deep/a': 'b', one: 'two', two: 'one' },
  })
  const directory = join(top, 'deep')
  const path = join(directory, 'b')
  const place = { path, directory, opened: directory, stat: statOf(path) }
  t.strictSame(found(join(top, 'file')), place)
  t.strictSame(found(join(top, 'folder'), 'b'), place)
  t.strictSame(found(join(top, 'folder')), place, 'the name in the directory is a link, too')
  const loose = join(top, 'loose')
  t.throws(() => findCopyTarget(loose, 'a'), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
    message: `${loose}: a symbolic link that leads nowhere`,
  })
  const circle = join(top, 'one')
  t.throws(() => findCopyTarget(circle, 'a'), {
    code: 'E_USAGE',
    reason: 'wrong-file',
    message: `${circle}: symbolic links that lead in a circle`,
  })
})

t.test('a place where no file can be', async (t) => {
  const top = temporary(t)
  mkdirSync(join(top, 'a'))
  t.throws(() => findCopyTarget(top, 'a'), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
    message: `${join(top, 'a')}: is a directory`,
  })
  t.throws(() => findCopyTarget('/dev/null', 'a'), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
    message: '/dev/null: is no regular file',
  })
  const typed = join(top, 'c/')
  t.throws(() => findCopyTarget(typed, 'a'), {
    code: 'E_USAGE',
    reason: 'no-file',
    message: `${typed}: is not a directory`,
  })
})

t.test('a directory that is not there', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { b: '' } })
  for (const [name, words] of [
    ['none/c', 'there is no such directory'],
    ['b/c', 'its path leads through what is not a directory'],
    ['b/', 'is not a directory'],
    ['b/c/', 'is not a directory'],
  ] as const)
    t.throws(
      () => findCopyTarget(`${top}/${name}`, 'a'),
      { code: 'E_USAGE', reason: 'no-file', message: `${top}/${name}: ${words}` },
      name,
    )
})

t.test('a directory that files may be made in, and others', async (t) => {
  const top = temporary(t)
  checkMayCreate(top)
  t.throws(() => checkMayCreate(join(top, 'none')), {
    code: 'E_USAGE',
    reason: 'no-file',
    message: `${join(top, 'none')}: there is no such directory`,
  })
})

t.test('a directory that others own', async (t) => {
  answering(t, '/etc', 'EACCES', ['accessSync'])
  t.throws(() => checkMayCreate('/etc'), {
    code: 'E_PERMISSION',
    reason: 'no-permission',
    message: '/etc: permission denied',
    hint: 'its owner and mode decide who may make files in it',
  })
})

t.test('a file is not copied to itself', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { a: '', b: '' } })
  const at = (name: string) => statSync(join(top, name), { bigint: true })
  const target = { path: '/to', directory: '/', descriptor: -1 }
  const check = (source: string, there?: string) => () =>
    checkOtherFile(
      { stat: at(source) },
      there === undefined ? target : { ...target, stat: at(there) },
    )
  t.throws(check('a', 'a'), {
    code: 'E_USAGE',
    reason: 'wrong-file',
    message: '/to: is the file that is to be copied',
  })
  t.doesNotThrow(check('a', 'b'))
  t.doesNotThrow(check('a'))
  t.doesNotThrow(() => checkOtherFile({}, { ...target, stat: at('a') }))
  const elsewhere = Object.assign(at('a'), { dev: 1n })
  t.doesNotThrow(() => checkOtherFile({ stat: at('a') }, { ...target, stat: elsewhere }))
})
