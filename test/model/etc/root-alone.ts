import t from 'tap'
import {
  type OwnedEntry,
  strangersPart,
  strangersWords,
} from '../../../src/model/etc/root-alone.ts'

const isRoot = (uid: number): boolean => uid === 0

const entry = (path: string, kind: OwnedEntry['kind'], mode: number, uid = 0): OwnedEntry => ({
  path,
  kind,
  uid,
  mode,
})

const way = [entry('/', 'directory', 0o755), entry('/etc', 'directory', 0o755)]
const part = (...more: readonly OwnedEntry[]) => strangersPart([...way, ...more], isRoot)

t.test('what is root alone to change', async (t) => {
  for (const mode of [0o644, 0o600, 0o4755, 0o444])
    t.equal(part(entry('/etc/a', 'file', mode)), undefined, mode.toString(8))
  t.equal(part(entry('/etc/a', 'link', 0o777)), undefined, 'a link has no mode of its own')
  t.equal(part(entry('/dev/null', 'device', 0o666)), undefined, 'a device is for everybody')
  t.equal(part(entry('/etc/a', 'directory', 0o1777)), undefined, 'a sticky directory')
})

t.test('an owner other than root', async (t) => {
  for (const [kind, mend] of [
    ['directory', "chown root: '/etc/a b'"],
    ['file', "chown root: '/etc/a b'"],
    ['link', "chown -h root: '/etc/a b'"],
    ['device', "chown root: '/etc/a b'"],
  ] as const)
    t.strictSame(
      part(entry('/etc/a b', kind, 0o600, 1000)),
      { path: '/etc/a b', words: 'belongs to user 1000', mend },
      kind,
    )
})

t.test('a mode that lets the group or all others write', async (t) => {
  for (const [kind, mode, words] of [
    ['file', 0o664, '0664'],
    ['file', 0o602, '0602'],
    ['file', 0o1666, '1666'],
    ['directory', 0o775, '0775'],
    ['directory', 0o2757, '2757'],
  ] as const)
    t.strictSame(
      part(entry('/etc/a', kind, mode)),
      {
        path: '/etc/a',
        words: `can be written by others, with the mode ${words}`,
        mend: 'chmod go-w /etc/a',
      },
      words,
    )
})

t.test('the first part on the way is told, which decides over all behind it', async (t) => {
  const found = part(entry('/etc/open', 'directory', 0o777), entry('/etc/open/a', 'file', 0o644, 5))
  t.equal(found?.path, '/etc/open')
  t.equal(strangersPart([], isRoot), undefined)
})

t.test('the words name the part where it is not the file', async (t) => {
  const one = { path: '/etc', words: 'belongs to user 5', mend: '' }
  t.equal(strangersWords('/etc/a', one), '/etc belongs to user 5')
  t.equal(strangersWords('/etc', one), 'it belongs to user 5')
})
