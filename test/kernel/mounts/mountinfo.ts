import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  parseMountinfo as parse,
  readMountinfo,
  readMountinfoLines,
  withMountinfo,
} from '../../../src/kernel/mounts/mountinfo.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { asOctets } from '../../../src/model/etc/octets.ts'
import type { MountLine } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import * as fc from '../../helpers/property.ts'
import { treeCopy, treeOf } from '../../helpers/run.ts'

const parseMountinfo = (text: string): readonly MountLine[] => parse(asOctets(text))

const usual = '28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro'

/** The kernel's own writing: UTF-8 bytes as characters, four of them as octal digits. */
const mangled = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replaceAll(
      /[ \t\n\\#]/g,
      (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
    )

const lineWith = (target: string, optional = '', source = 'none'): string =>
  `32 28 0:50 / ${mangled(target)} rw,nosuid ${optional}- hugetlbfs ${mangled(source)} rw,pagesize=2M`

const only = (text: string): MountLine => {
  const [line, ...others] = parseMountinfo(`${text}\n`)
  if (line === undefined || others.length > 0) throw new Error('is not one line')
  return line
}

t.test('the fields of a line', async (t) => {
  t.strictSame(parseMountinfo(`${usual}\n`), [
    {
      id: 28,
      parent: 1,
      device: '254:1',
      root: '/',
      target: '/',
      flags: 'rw,relatime',
      type: 'ext4',
      source: '/dev/vda1',
      options: 'rw,errors=remount-ro',
      shared: 1,
    },
  ])
})

t.test('from none to three optional fields', async (t) => {
  const fields = ['shared:15 ', 'master:3 ', 'propagate_from:2 ', 'unbindable ']
  for (const count of [0, 1, 2, 3]) {
    const optional = fields.slice(0, count).join('')
    const { shared, master, dominant } = only(lineWith('/mnt/huge', optional))
    const groups = [15, 3, 2].map((group, index) => (index < count ? group : undefined))
    t.strictSame([shared, master, dominant], groups)
    t.hasStrict(only(lineWith('/mnt/huge', optional)), {
      target: '/mnt/huge',
      flags: 'rw,nosuid',
      type: 'hugetlbfs',
      options: 'rw,pagesize=2M',
    })
  }
})

t.test('what the kernel escapes', async (t) => {
  const names = [
    '/a b',
    '/tab\there',
    '/line\nfeed',
    '/back\\slash',
    '/\\040',
    '/#',
    '/größe',
    '/🙂',
  ]
  for (const name of names) t.equal(only(lineWith(name)).target, name, encodeURI(name))
  t.equal(only(lineWith('/x', '', 'a b')).source, 'a b')
  t.equal(only('1 1 0:1 / /\\134040 rw - t s rw').target, '/\\040', 'undone once')
  t.equal(only('1 1 0:1 / /\\9\\04 rw - t s rw').target, '/\\9\\04', 'no escapes of the kernel')
})

t.test('the directory of a bind mount', async (t) => {
  t.equal(only('1 1 0:1 /a\\040b /x rw - t s rw').root, '/a b')
})

t.test('control characters that the kernel leaves as they are', async (t) => {
  for (const name of ['/a\rb', '/a\x0bb', '/a\x1bb', '/a\x7fb', '/\u2028', '/\u00a0'])
    t.equal(only(lineWith(name)).target, name, encodeURI(name))
})

t.test('a name that is not UTF-8', async (t) => {
  t.equal(only('1 1 0:1 / /a\xff\xfeb rw - t s rw').target, '/a\ufffd\ufffdb')
})

t.test('a source that is a hyphen, or empty', async (t) => {
  const expected = { type: 'hugetlbfs', options: 'rw,pagesize=2M' }
  t.hasStrict(only(lineWith('/x', '', '-')), { source: '-', ...expected })
  t.hasStrict(only(lineWith('/x', '', '')), { source: '', ...expected })
  t.hasStrict(only(lineWith('/ - ', 'shared:1 ', ' - ')), { target: '/ - ', source: ' - ' })
})

t.test('an empty file, and one without a newline at its end', async (t) => {
  t.strictSame(parseMountinfo(''), [])
  t.strictSame(parseMountinfo('\n'), [])
  t.equal(parseMountinfo(`${usual}\n${usual}`).length, 2)
})

t.test('lines of any length', async (t) => {
  const layers = Array.from({ length: 5000 }, (_, index) => `/var/lib/layers/${index}`).join(':')
  const overlay = `40 28 0:60 / /merged rw - overlay overlay rw,lowerdir=${layers}`
  t.ok(overlay.length > 100_000)
  const [long, next] = parseMountinfo(`${overlay}\n${lineWith('/mnt/huge')}\n`)
  t.equal(long?.options.length, overlay.length - overlay.indexOf('rw,lowerdir'))
  t.equal(next?.target, '/mnt/huge')
  const path = `/${'d/'.repeat(2000)}e`
  t.equal(only(lineWith(path)).target, path)
})

t.test('garbage is an error that shows its beginning', async (t) => {
  const garbage = [
    'x',
    '\0',
    '28 1 254:1 / / rw,relatime shared:1 ext4 /dev/vda1 rw',
    '28 1 254:1 / / - ext4 /dev/vda1 rw',
    '28 1 254:1 / relative rw - ext4 /dev/vda1 rw',
    '28 1 254:1 / / rw - ',
    ' - ext4 /dev/vda1 rw',
    'a 1 254:1 / / rw - ext4 /dev/vda1 rw',
    'x28 1 254:1 / / rw - ext4 /dev/vda1 rw',
    '28x 1 254:1 / / rw - ext4 /dev/vda1 rw',
    '28 b 254:1 / / rw - ext4 /dev/vda1 rw',
    '28 1b 254:1 / / rw - ext4 /dev/vda1 rw',
    '28 -1 254:1 / / rw - ext4 /dev/vda1 rw',
    'x'.repeat(100_000),
  ]
  for (const line of garbage) {
    const expected = {
      code: 'E_KERNEL',
      message: `/proc/self/mountinfo: unknown line ${JSON.stringify(line.slice(0, 60))}`,
    }
    t.throws(() => parseMountinfo(`${usual}\n${line}\n`), expected, line.slice(0, 60))
  }
})

t.test('property: what the kernel writes is read as it was', async () => {
  const name = fc
    .string({ unit: fc.character, maxLength: 30 })
    .map((text) => text.replaceAll('\0', ''))
  const optional = fc.subarray(['shared:1 ', 'master:22 ', 'propagate_from:3 '])
  fc.assert(
    fc.property(name, name, optional, (target, source, fields) => {
      const found = only(lineWith(`/${target}`, fields.join(''), source))
      return (
        found.target === `/${target}` &&
        found.source === source &&
        found.options === 'rw,pagesize=2M'
      )
    }),
  )
})

t.test('property: any text is lines or an error with a name', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.character, maxLength: 200 }), (text) => {
      try {
        return parseMountinfo(text).every(({ target }) => target.startsWith('/'))
      } catch (error) {
        return (error as { code?: string }).code === 'E_KERNEL'
      }
    }),
  )
})

t.test('read from a tree', async (t) => {
  const lines = readMountinfo(treeOf('two-nodes'))
  t.equal(lines.length, 13)
  t.equal(lines.at(-1)?.target, '/srv/größe a\nb')
  t.throws(() => readMountinfo(treeOf('one-node')), {
    code: 'E_UNSUPPORTED',
    message: /^\/proc\/self\/mountinfo: /,
  })
})

t.test('a table that was read is there for whoever looks again', async (t) => {
  const root = treeCopy(t, 'two-nodes')
  const tree = directoryTree(root)
  const steady = withMountinfo(tree)
  const lines = readMountinfoLines(tree)
  t.ok(lines.lines.some(({ type }) => type === 'hugetlbfs'))
  rmSync(join(root, 'proc/self/mountinfo'))
  t.strictSame(readMountinfoLines(steady), lines)
  t.equal(steady.root, root)
  t.equal(steady.read('/proc/meminfo'), tree.read('/proc/meminfo'))
  t.throws(() => withMountinfo(tree), { message: '/proc/self/mountinfo: is missing' })
})
