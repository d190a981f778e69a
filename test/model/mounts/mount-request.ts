import t from 'tap'
import { changedFlags } from '../../../src/model/mounts/mount-flags.ts'
import { parseMountLimit } from '../../../src/model/mounts/mount-limit.ts'
import {
  checkRoom,
  desiredMount,
  type MountRequest,
  parseInodes,
  parseMode,
} from '../../../src/model/mounts/mount-request.ts'
import * as fc from '../../helpers/property.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const small = poolOf(2n * M, {
  isDefault: true,
  total: 100n,
  surplus: 10n,
  free: 40n,
  reserved: 8n,
})
const gigantic = poolOf(G)
const pools = [small, gigantic]
const root = { uid: 0, gid: 0 }

const request = (given: Partial<MountRequest> = {}): MountRequest => ({
  target: '/mnt/huge',
  pageSize: 'default',
  flagWords: '',
  ...given,
})

const desired = (given: Partial<MountRequest> = {}) => desiredMount(request(given), root, pools)
const limit = (text: string) => parseMountLimit(text)

t.test('limits', async (t) => {
  t.strictSame(limit('8G'), { kind: 'memory', bytes: 8n * G })
  t.strictSame(limit('2097152'), { kind: 'memory', bytes: 2n * M })
  t.strictSame(limit('50%'), { kind: 'percent', percent: 50n })
  t.strictSame(limit('200%'), { kind: 'percent', percent: 200n })
  for (const text of ['', '%', '5 %', '050%', '-1%', '1.5%', '1e3', '0x10', '8GG', '10%%', 'max'])
    t.throws(() => limit(text), { code: 'E_USAGE', message: `'${text}' is not a limit` }, text)
})

t.test('numbers of files', async (t) => {
  t.equal(parseInodes('2'), 2n)
  t.equal(parseInodes(`${2n ** 63n - 1n}`), 2n ** 63n - 1n)
  for (const text of ['0', '1'])
    t.throws(() => parseInodes(text), {
      code: 'E_USAGE',
      message: /^'[01]' is too few: the root directory takes one file; the least is 2$/,
    })
  for (const text of ['', 'x', '-2', '010', '2K', '1.5', `${2n ** 63n}`])
    t.throws(() => parseInodes(text), { code: 'E_USAGE', message: /is not a number of files/ })
})

t.test('modes', async (t) => {
  const modes = {
    '755': '0755',
    '0770': '0770',
    '1777': '1777',
    '000': '0000',
    '0007': '0007',
    '01777': '1777',
    '00755': '0755',
  }
  for (const [text, mode] of Object.entries(modes)) t.equal(parseMode(text), mode)
  for (const text of ['', '7', '0888', 'rwxr-xr-x', '0o755', '00000777', '-755', '0', '17777'])
    t.throws(() => parseMode(text), { code: 'E_USAGE', message: /is not a mode/ }, text)
  for (const text of ['2755', '4755', '7777', '07777'])
    t.throws(() => parseMode(text), { code: 'E_USAGE', message: /bits that hugetlbfs does not/ })
})

t.test('flags, of which the last word wins', async (t) => {
  t.strictSame(changedFlags('', ['nosuid', 'nodev']), ['nosuid', 'nodev'])
  t.strictSame(changedFlags('noexec,ro', ['nosuid']), ['ro', 'nosuid', 'noexec'])
  t.strictSame(changedFlags('suid,dev', ['nosuid', 'nodev']), [])
  t.strictSame(changedFlags('ro,rw,ro', []), ['ro'])
  for (const text of [',', 'ro,', ',ro', 'ro,,rw'])
    t.throws(() => changedFlags(text, []), { code: 'E_USAGE', message: "'' is not a flag" }, text)
  for (const word of ['noatime', 'size=4M', 'RO', ' ro', 'toString', '__proto__'])
    t.throws(() => changedFlags(word, []), { code: 'E_USAGE', message: `'${word}' is not a flag` })
})

t.test('property: words in any order are flags in one order, each once', async () => {
  const words = fc.array(fc.constantFrom('ro', 'rw', 'nosuid', 'suid', 'dev', 'exec', 'noexec'))
  fc.assert(
    fc.property(words, (list) => {
      const once = changedFlags(list.join(), ['nodev'])
      return changedFlags(list.join(), once).join() === once.join()
    }),
  )
})

t.test('what is not said is what the kernel does anyway, but nosuid and nodev', async (t) => {
  t.strictSame(desired(), {
    target: '/mnt/huge',
    pageSize: 2n * M,
    ...root,
    mode: '0755',
    flags: ['nosuid', 'nodev'],
  })
})

t.test('what is said', async (t) => {
  const said = desiredMount(
    request({
      pageSize: G,
      size: limit('4G'),
      minSize: limit('2G'),
      inodes: 64n,
      mode: '0770',
      flagWords: 'noexec,suid',
    }),
    { uid: 5, gid: 6 },
    pools,
  )
  t.strictSame(said, {
    target: '/mnt/huge',
    pageSize: G,
    size: 4n * G,
    minSize: 2n * G,
    inodes: 64n,
    uid: 5,
    gid: 6,
    mode: '0770',
    flags: ['nodev', 'noexec'],
  })
})

t.test('a share is one of the persistent pages, rounded down', async (t) => {
  t.equal(desired({ size: limit('50%') }).size, 90n * M, 'surplus does not count')
  t.equal(desired({ size: limit('200%') }).size, 360n * M)
  t.equal(desired({ size: limit('2%') }).size, 2n * M)
  t.hasStrict(desired({ size: limit('50%'), minSize: limit('10%') }), {
    size: 90n * M,
    minSize: 18n * M,
  })
})

t.test('limits that are not whole pages name their neighbours', async (t) => {
  t.throws(() => desired({ size: limit('3M') }), {
    code: 'E_USAGE',
    message: '--size 3M: not a whole number of 2M pages',
    hint: "the nearest amounts are 2M and 4M; '--size 4M' or --round up takes the larger",
  })
  t.throws(() => desired({ pageSize: G, minSize: limit('1025M') }), {
    code: 'E_USAGE',
    hint: /1G and 2G/,
  })
})

t.test('a limit below a page', async (t) => {
  const message = '--size 0 is less than a page of 2M: no file could have one'
  const hint = 'the least is 2M'
  t.throws(() => desired({ size: limit('0') }), { code: 'E_USAGE', message, hint })
  t.throws(() => desired({ minSize: limit('1') }), {
    code: 'E_USAGE',
    message: '--min-size 1 is less than a page of 2M: it would guarantee nothing',
    hint: `${hint}, which --round up takes`,
  })
  t.throws(() => desired({ pageSize: G, size: limit('4M') }), {
    code: 'E_USAGE',
    message: '--size 4M is less than a page of 1G: no file could have one',
    hint: 'the least is 1G, which --round up takes',
  })
  t.throws(() => desired({ size: limit('1%') }), {
    code: 'E_REFUSED',
    message: '--size: 1% of the 90 persistent pages of 2M is less than a page',
    hint: "'hugepool resize 2M=100' makes it one page; '--size 2M' is one page of any pool",
  })
  t.throws(() => desired({ pageSize: G, size: limit('50%') }), {
    code: 'E_REFUSED',
    message: '--size: 50% of the 0 persistent pages of 1G is less than a page',
    hint: "'hugepool resize 1G=2' makes it one page; '--size 1G' is one page of any pool",
  })
  t.throws(() => desired({ size: limit('0%') }), {
    code: 'E_USAGE',
    hint: 'without --size there is none',
  })
})

t.test('limits that are too large', async (t) => {
  const code = 'E_USAGE'
  for (const text of ['8E', '9223372036854775808', '99999999999P'])
    t.throws(() => limit(text), {
      code,
      message: `'${text}' is too large: a limit is less than 8E`,
    })
  t.throws(() => limit('1000000%'), { code, message: /is too large: a share is at most 999999%$/ })
  t.throws(() => desired({ size: limit('9223372036854775807') }), {
    code,
    hint: 'the nearest amount is 8796093022206M',
  })
})

t.test('what makes room for a share of a pool that grows with it', async (t) => {
  const hintOf = (text: string) => {
    const minSize = limit(text)
    try {
      checkRoom(desired({ minSize }), pools, minSize)
      return undefined
    } catch (error) {
      return (error as { hint?: string }).hint
    }
  }
  t.equal(hintOf('35%'), undefined)
  t.equal(hintOf('50%'), "'hugepool resize 2M=116' makes room", '58 of 116 are taken')
  t.match(hintOf('100%'), /no page is in use or reserved$/)
  t.match(hintOf('150%'), /^no size of the pool/)
  const one = desired({ pageSize: G, minSize: limit('1G') })
  t.throws(() => checkRoom(one, pools), {
    message: '--min-size takes 1 page of 1G, but 0 are available (free - reserved)',
  })
})

t.test('a guarantee above the limit', async (t) => {
  t.throws(() => desired({ size: limit('4M'), minSize: limit('6M') }), {
    code: 'E_USAGE',
    message: '--min-size 6M is more than --size 4M',
  })
  t.hasStrict(desired({ size: limit('4M'), minSize: limit('4M') }), {
    size: 4n * M,
    minSize: 4n * M,
  })
})

t.test('a page size that is not here', async (t) => {
  t.throws(() => desired({ pageSize: 64n * 1024n }), { code: 'E_UNSUPPORTED' })
})

t.test('a guarantee needs pages that are free and not reserved', async (t) => {
  t.doesNotThrow(() => checkRoom(desired({ minSize: limit('64M') }), pools))
  t.doesNotThrow(() => checkRoom(desired(), pools))
  t.throws(() => checkRoom(desired({ minSize: limit('66M') }), pools), {
    code: 'E_REFUSED',
    message: '--min-size takes 33 pages of 2M, but 32 are available (free - reserved)',
    hint: "'hugepool resize 2M=91' makes room",
  })
})

t.test('a guarantee may have what overcommit allows', async (t) => {
  const empty = poolOf(2n * M, { isDefault: true, overcommit: 64n, reserved: 0n })
  t.doesNotThrow(() => checkRoom(desired({ minSize: limit('128M') }), [empty]))
  t.throws(() => checkRoom(desired({ minSize: limit('130M') }), [empty]), {
    message:
      '--min-size takes 65 pages of 2M, but 0 are available (free - reserved), and overcommit allows 64 more',
    hint: "'hugepool resize 2M=1' makes room",
  })
  const some = { ...small, overcommit: 16n }
  t.doesNotThrow(
    () => checkRoom(desired({ minSize: limit('76M') }), [some]),
    'ten are there already',
  )
  t.throws(() => checkRoom(desired({ minSize: limit('50%') }), [some], limit('50%')), {
    message:
      '--min-size takes 45 pages of 2M, but 32 are available (free - reserved), and overcommit allows 6 more',
    hint: "'hugepool resize 2M=104' makes room",
  })
})

t.test('the words are true where the count of reserved pages is below zero', async (t) => {
  const wrapped = { ...small, total: 64n, surplus: 0n, free: 56n, reserved: -8n }
  t.throws(() => checkRoom(desired({ minSize: limit('128M') }), [wrapped]), {
    message:
      '--min-size takes 64 pages of 2M, but 56 are available (free: the count of reserved pages is below zero)',
    hint: "'hugepool resize 2M=72' makes room",
  })
  const { reserved, ...older } = wrapped
  t.throws(() => checkRoom(desired({ minSize: limit('128M') }), [older]), {
    message: '--min-size takes 64 pages of 2M, but 56 are available (free)',
  })
})
