import t from 'tap'
import { octets } from '../../../../src/model/etc/octets.ts'
import type { DesiredMount } from '../../../../src/model/mounts/desired-mount.ts'
import {
  fieldsOf,
  fstabLine,
  mentionsOf,
  mountPointsOf,
} from '../../../../src/model/mounts/persist/fstab.ts'
import { withLine, withoutLine } from '../../../../src/model/mounts/persist/fstab-edit.ts'
import * as fc from '../../../helpers/property.ts'
import { M } from '../../../helpers/sizes.ts'

const desired: DesiredMount = {
  target: '/mnt/huge',
  pageSize: 2n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  flags: ['nosuid', 'nodev'],
}

const line = fstabLine(desired, false)
const put = (text: string, wanted = line) => withLine(text, '/mnt/huge', wanted)
const take = (text: string) => withoutLine(text, '/mnt/huge')

t.test('the line of a mount', async (t) => {
  t.equal(
    line,
    'none /mnt/huge hugetlbfs nosuid,nodev,uid=0,gid=0,mode=0755,pagesize=2M,nofail,comment=hugepool 0 0',
  )
  t.equal(
    fstabLine({ ...desired, target: '/a b\tc\\d\ne%' }, false).split(' ')[1],
    '/a\\040b\\011c\\134d\\012e%',
  )
  t.match(fstabLine(desired, true), ',nofail,x-systemd.before=local-fs.target,comment=hugepool 0 0')
  t.match(
    fstabLine({ ...desired, minSize: desired.pageSize }, true),
    ',min_size=2097152,nofail,x-systemd.before=local-fs.target,x-systemd.after=systemd-sysctl.service,comment=hugepool 0 0',
  )
})

t.test('a line is known by its directory, however that is written', async (t) => {
  const { target } = { target: '/mnt/ä b' }
  const spelled = [
    '/mnt/ä\\040b',
    '//mnt//ä\\040b/',
    '\\057mnt/ä\\040b',
    '/mnt/./ä\\040b/.',
    '/mnt/ä\\040b\t',
  ]
  for (const spelling of spelled) {
    const text = octets(`# x\n \tnone\t ${spelling} hugetlbfs defaults 0 0\r\n`)
    t.strictSame(mentionsOf(text, target), [{ number: 2, own: false }], spelling)
  }
  const others = [
    '/mnt/ä',
    '/mnt/.ä\\040b',
    '/mnt/../ä\\040b',
    'mnt/ä\\040b',
    '/mnt/ä\\040b/c',
    '/mnt/a\\040b',
    'none',
    '/',
  ]
  for (const other of others)
    t.strictSame(mentionsOf(octets(`x ${other} y z\n`), target), [], other)
  t.strictSame(mentionsOf('', '/mnt/huge'), [])
  t.strictSame(mentionsOf(`  #${line}\n\n#\nnone\n`, '/mnt/huge'), [])
  t.strictSame(mentionsOf('none / x\n', '/'), [{ number: 1, own: false }])
})

t.test('the directories of a file, each once', async (t) => {
  const file = octets(
    '# /dev/x /mnt/old ext4\nUUID=a / ext4\nUUID=b none swap sw\nnone /mnt/\u00e4\\040b// hugetlbfs\nnone /mnt/\u00e4\\040b tmpfs\n',
  )
  t.strictSame(mountPointsOf(file), ['/', octets('/mnt/\u00e4 b')])
  t.strictSame(mountPointsOf('# none\n'), [])
})

t.test('fields are divided by blanks and tabs', async (t) => {
  t.strictSame(fieldsOf(' a\t b\rc  d\r'), ['a', 'b\rc', 'd'])
  t.strictSame(fieldsOf(''), [])
})

t.test('only a hugetlbfs line with the mark is hugepool\u2019s own', async (t) => {
  const own = (type: string, options: string) =>
    mentionsOf(`none /mnt/huge ${type} ${options} 0 0`, '/mnt/huge')[0]?.own
  t.ok(own('hugetlbfs', 'comment=hugepool'))
  t.ok(own('hugetlbfs', 'nodev,comment=hugepool,nosuid'))
  t.notOk(own('hugetlbfs', 'comment=hugepool2,xcomment=hugepool'))
  t.notOk(own('tmpfs', 'comment=hugepool'))
  t.notOk(mentionsOf('none /mnt/huge', '/mnt/huge')[0]?.own)
})

const foreignOnes: readonly (readonly [text: string, message: string])[] = [
  ['none /mnt/huge hugetlbfs pagesize=2M 0 0', 'line 1 mounts /mnt/huge and was'],
  ['#\r\n\r\n/dev/sda1\t/mnt/huge/ ext4 ro\r\n', 'line 3 mounts /mnt/huge and was'],
  ['a /mnt/huge b c\nx /y z\nd //mnt/huge e f', 'lines 1, 3 mount /mnt/huge and were'],
]

t.test('a line of somebody else\u2019s is a refusal that names its number', async (t) => {
  for (const [text, message] of foreignOnes) {
    const whole = `/etc/fstab: ${message} not written by hugepool`
    t.throws(() => put(text), { code: 'E_REFUSED', message: whole })
    t.throws(() => put(`${text}\n${line}\n`), { code: 'E_REFUSED', message: whole })
    t.equal(take(text).kind, 'none')
    t.equal(take(`${text}\n${line}\n`).after, `${text}\n`, 'hugepool\u2019s own can go')
  }
})

t.test('a line of hugepool\u2019s that was copied by hand is a refusal', async (t) => {
  const text = `${line}\n# copy\n${line}\n`
  const message = '/etc/fstab: lines 1, 3 mount /mnt/huge and all carry the mark of hugepool'
  t.throws(() => put(text), { code: 'E_REFUSED', message })
  t.throws(() => take(text), { code: 'E_REFUSED', message })
})

t.test('a line with other options is replaced in its place', async (t) => {
  const other = fstabLine({ ...desired, size: desired.pageSize }, true)
  t.strictSame(put(`# a\n${line}\n# b`, other), {
    kind: 'replace',
    number: 2,
    after: `# a\n${other}\n# b`,
  })
  t.equal(put(`# a\n${line}`, other).after, `# a\n${other}`)
})

t.test('one that differs only in its blanks is left alone', async (t) => {
  const spaced = ` ${line.replaceAll(' ', ' \t ')}\r`
  t.strictSame(put(`x\n${spaced}\ny`), {
    kind: 'none',
    number: 2,
    after: `x\n${spaced}\ny`,
  })
})

/** Lines that look like fstab and lines that do not, ended in every way. */
const words = fc.constantFrom(
  'none',
  '/mnt/huge2',
  '/',
  '#',
  'hugetlbfs',
  'a,b',
  '0',
  '/\\040',
  'ÿ',
)
const anyLine = fc.oneof(
  fc.string({ unit: fc.character }).map((text) => octets(text).replaceAll('\n', '')),
  fc
    .array(fc.tuple(words, fc.constantFrom(' ', '\t', '  ')), { maxLength: 8 })
    .map((all) => all.flat().join('')),
)
const texts = fc
  .array(fc.tuple(anyLine, fc.constantFrom('\n', '\r\n', '\n\n')), { maxLength: 8 })
  .chain((all) => anyLine.map((last) => all.flat().join('') + last))

const paths = fc
  .array(fc.string({ unit: fc.character, minLength: 1 }), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.map((part) => part.replaceAll(/[/\0]/g, '_')).join('/')}`)
  .filter((path) => !/[\ud800-\udfff]/u.test(path))

t.test('removing brings back every byte of what was there before adding', async (t) => {
  fc.assert(
    fc.property(texts, paths, fc.boolean(), (text, target, systemd) => {
      fc.pre(mentionsOf(text, target).length === 0)
      const added = withLine(text, target, fstabLine({ ...desired, target }, systemd))
      t.equal(added.kind, 'append')
      t.ok(added.after.startsWith(text))
      const mentions = mentionsOf(added.after, target)
      t.match(mentions, [{ own: true }])
      t.equal(withoutLine(added.after, target).after, text)
    }),
  )
})

t.test('adding twice is adding once, and a change touches one line only', async (t) => {
  const sizes = fc.bigInt({ min: 1n, max: 9n }).map((pages) => pages * desired.pageSize)
  fc.assert(
    fc.property(texts, texts, paths, sizes, sizes, (above, below, target, one, two) => {
      const [first, second] = [one, two].map((size) =>
        fstabLine({ ...desired, target, size }, true),
      )
      const text = `${above}\n${octets(first ?? '')}\n${below}`
      fc.pre(mentionsOf(`${above}\n${below}`, target).length === 0)
      t.equal(withLine(text, target, first ?? '').kind, 'none')
      const edit = withLine(text, target, second ?? '')
      t.equal(edit.kind, one === two ? 'none' : 'replace')
      t.equal(edit.after, `${above}\n${octets(second ?? '')}\n${below}`)
      t.equal(withLine(edit.after, target, second ?? '').kind, 'none')
      t.equal(withoutLine(edit.after, target).after, `${above}\n${below}`)
    }),
  )
})
