import t from 'tap'
import {
  startFileHints,
  startFileWords,
} from '../../../../src/model/config/tune/kept-setting-words.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'

const minFree = parseSettingKey('min-free')
const file = (outcome: 'done' | 'unchanged', value?: bigint) => ({
  path: '/f',
  outcome,
  settings: [value === undefined ? { setting: minFree } : { setting: minFree, value }],
})
const other = { setting: minFree, file: '/o', line: 2, text: '1024', value: 2n ** 20n }
const odd = { setting: minFree, file: '/p', text: 'x' }
const hint = (path: string) => `remove the line from ${path}, or have it say the same`

t.test('what is kept, and which line wins', async (t) => {
  const facts = {
    files: [file('done', 2n ** 26n)],
    overriddenBy: [other, odd, other],
    isRead: true,
  }
  t.strictSame(startFileWords(facts), [
    '/f: sets min-free to 64M at every start',
    '/o:2: sets min-free to 1M at a start, and wins',
    '/p: sets min-free to x at a start, and wins',
    '/o:2: sets min-free to 1M at a start, and wins',
  ])
  t.strictSame(startFileHints(facts), [hint('/o'), hint('/p')])
  t.strictSame(
    startFileWords({ files: [file('unchanged', 2n ** 26n)], overriddenBy: [], isRead: false }),
    [
      '/f: sets min-free to 64M at every start already',
      'no systemd is seen here: whether anything reads the file at a start is not known',
    ],
  )
})

t.test('what is taken out has nothing to win against', async (t) => {
  const facts = { files: [file('done')], overriddenBy: [other], isRead: false }
  t.strictSame(startFileWords(facts), [
    '/f: has nothing of min-free any more',
    '/o:2: sets min-free to 1M at a start',
  ])
  t.strictSame(startFileHints(facts), [])
  t.strictSame(startFileWords({ ...facts, files: [file('unchanged')], overriddenBy: [] }), [
    '/f: has nothing of min-free',
  ])
})

t.test('one setting that is kept among those that are taken out can lose', async (t) => {
  const taken = { setting: parseSettingKey('overcommit-memory') }
  const kept = { setting: minFree, value: 2n ** 26n }
  const files = [{ path: '/f', outcome: 'done' as const, settings: [taken, kept] }, file('done')]
  const facts = { files, overriddenBy: [other], isRead: false }
  t.strictSame(startFileWords(facts), [
    '/f: has nothing of overcommit-memory any more',
    '/f: sets min-free to 64M at every start',
    '/f: has nothing of min-free any more',
    '/o:2: sets min-free to 1M at a start, and wins',
    'no systemd is seen here: whether anything reads the file at a start is not known',
  ])
  t.strictSame(startFileHints(facts), [hint('/o')])
})

t.test('a file of a package is overridden, and not edited', async (t) => {
  const hintsOn = (path: string) =>
    startFileHints({
      files: [file('done', 1n)],
      overriddenBy: [{ ...other, file: path }],
      isRead: true,
    })
  const copy = (path: string) =>
    `have a copy of ${path} below /etc say the same: it takes its place`
  for (const path of ['/usr/lib/tuned/a/tuned.conf', '/lib/systemd/system/b.service'])
    t.strictSame(hintsOn(path), [copy(path)])
  for (const path of ['/etc/lib/a.conf', '/usr/lib/tuned/a/script.sh', '/usr/lib/a.confx'])
    t.strictSame(hintsOn(path), [hint(path)])
})
