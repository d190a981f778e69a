import fs, {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { noteMountedFile, walkFiles } from '../../../../src/kernel/processes/scan/walk-files.ts'
import { answering } from '../../../helpers/failing-files.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

const deviceAt = (path: string) => ({ hex: hexDevice(statSync(path, { bigint: true }).dev) })

const inodeOf = (path: string): bigint => statSync(path, { bigint: true }).ino

const scanWith = procScan

const shown = (device: string, name = '/shown') => ({ shown: name, device, size: 4096n })

/** What is found of a file with some text. */
const fileAt = (target: string, name: string, device: string, path: string) => ({
  key: `${device}:${inodeOf(path)}`,
  path: join(target, name),
  isNamed: true,
  reach: path,
  uid: process.getuid?.(),
})

const filled = (t: Test, ...names: readonly string[]): string => {
  const top = temporary(t)
  for (const name of names) writeFileSync(join(top, name), 'data')
  return top
}

t.test('files below a directory', async (t) => {
  const top = filled(t, 'a')
  mkdirSync(join(top, 'sub'))
  writeFileSync(join(top, 'sub/b'), Buffer.alloc(4097))
  symlinkSync('a', join(top, 'link'))
  writeFileSync(join(top, 'empty'), '')
  const { hex } = deviceAt(top)
  const { scan } = scanWith(t)
  walkFiles(scan, `${top}/`, { shown: '/shown/', device: hex, size: 1024n })
  const held = (name: string) => statSync(join(top, name), { bigint: true }).blocks / 2n
  const found = (name: string, length: bigint) => [
    `${hex}:${inodeOf(join(top, name))}`,
    {
      ...fileAt('/shown', name, hex, join(top, name)),
      size: 1024n,
      pages: held(name),
      length,
      target: '/shown/',
    },
  ]
  t.strictSame(
    [...scan.files].sort(([, a], [, b]) => a.path.localeCompare(b.path)),
    [found('a', 1n), found('empty', 0n), found('sub/b', 5n)],
  )
})

t.test(
  'a file that is found on the way is reached later only where another way leads to it',
  async (t) => {
    const top = filled(t, 'a')
    const { hex } = deviceAt(top)
    const { scan } = scanWith(t)
    const reach = () => [...scan.statuses.values()].map((status) => status.reach)
    const named = () => [...scan.files.values()].map((file) => file.reach)
    walkFiles(scan, top, { ...shown(hex), isPassing: true })
    t.strictSame([reach(), named()], [[''], [undefined]])
    scan.statuses.clear()
    walkFiles(scan, top, shown(hex))
    walkFiles(scan, top, { ...shown(hex, '/other'), isPassing: true })
    t.strictSame(reach(), [join(top, 'a')])
  },
)

t.test('what lstat tells of a file with a name, in one call', async (t) => {
  const top = filled(t, 'a')
  const { hex } = deviceAt(top)
  const path = join(top, 'a')
  linkSync(path, join(temporary(t), 'b'))
  const { scan } = scanWith(t)
  const stat = lstatSync(path, { bigint: true })
  const calls = t.capture(fs, 'lstatSync', fs.lstatSync)
  syncBuiltinESMExports()
  walkFiles(scan, top, shown(hex))
  t.strictSame(
    calls().map(({ args }) => args[0]),
    [path],
  )
  t.strictSame(
    [...scan.statuses],
    [
      [
        `${hex}:${stat.ino}`,
        {
          reach: path,
          size: 4n,
          pages: (stat.blocks * 512n) / 4096n,
          links: 2n,
          uid: Number(stat.uid),
          gid: Number(stat.gid),
          mode: 0o644,
          touched: Math.max(...[stat.atimeMs, stat.mtimeMs, stat.ctimeMs].map(Number)),
        },
      ],
    ],
  )
})

t.test('a path that is not UTF-8 is shown with escapes, and marked', async (t) => {
  const top = filled(t, 'a')
  const { hex } = deviceAt(top)
  const { scan } = scanWith(t)
  const odd = Buffer.concat([Buffer.from(`${top}/`), Buffer.from('gr\xfcn', 'latin1')])
  renameSync(join(top, 'a'), odd)
  writeFileSync(join(top, 'größe'), '')
  walkFiles(scan, top, shown(hex))
  t.strictSame([...scan.files.values()].map(({ path }) => path).sort(), [
    '/shown/gr\\374n',
    '/shown/größe',
  ])
  const key = `${hex}:${lstatSync(odd, { bigint: true }).ino}`
  t.strictSame([...scan.statuses].map(([of, { isNoText }]) => [of === key, isNoText]).sort(), [
    [false, undefined],
    [true, true],
  ])
})

t.test('a file that is mounted by itself', async (t) => {
  const top = filled(t, 'a')
  const { hex } = deviceAt(top)
  const { scan } = scanWith(t)
  const path = join(top, 'a')
  const held = statSync(path, { bigint: true }).blocks / 8n
  const marks = () => [...scan.statuses.values()].map(({ reach, isMount }) => [reach, isMount])
  for (const nothing of [top, join(top, 'none')]) noteMountedFile(scan, nothing, shown(hex))
  t.strictSame(marks(), [])
  noteMountedFile(scan, path, shown(hex, '/single'))
  t.strictSame(marks(), [[path, true]])
  t.strictSame(
    [...scan.files.values()],
    [
      {
        ...fileAt('/', 'single', hex, path),
        size: 4096n,
        pages: held,
        length: 1n,
        target: '/single',
      },
    ],
  )
  noteMountedFile(scan, path, { ...shown(hex, '/other'), isPassing: true })
  t.strictSame(marks(), [['', true]])
  walkFiles(scan, top, shown(hex))
  t.strictSame(marks(), [[path, undefined]], 'its directory tells more')
  noteMountedFile(scan, path, shown(hex, '/single'))
  t.strictSame(marks(), [[path, undefined]])
})

t.test('what may not be looked at is noted, and what is gone is not', async (t) => {
  const top = filled(t, 'a', 'b')
  mkdirSync(join(top, 'closed'))
  const { hex } = deviceAt(top)
  const unread = (code: string, path: string, call: 'lstatSync' | 'readdirSync', as = '/shown') =>
    t.test(`${code} ${call}`, async (t) => {
      const { scan } = scanWith(t)
      answering(t, path, code, [call])
      walkFiles(scan, top, shown(hex, as))
      return t.strictSame(
        [...scan.unread],
        code === 'ENOENT'
          ? []
          : [[`${hex} ${call === 'lstatSync' ? top : path}`, placeOf(path, as)]],
      )
    })
  const placeOf = (path: string, as: string) => {
    const below = path === join(top, 'a') ? '' : path.slice(top.length)
    return { size: 4096n, path: `${as === '/' ? '' : as}${below}` || '/' }
  }
  for (const code of ['EACCES', 'ENOENT']) {
    await unread(code, join(top, 'a'), 'lstatSync')
    await unread(code, join(top, 'closed'), 'readdirSync')
    await unread(code, top, 'readdirSync')
    await unread(code, top, 'readdirSync', '/')
  }
})

t.test('all bits of a mode', async (t) => {
  const top = filled(t, 'a')
  chmodSync(join(top, 'a'), 0o5711)
  const { scan } = scanWith(t)
  walkFiles(scan, top, shown(deviceAt(top).hex))
  t.strictSame(
    [...scan.statuses.values()].map(({ mode }) => mode),
    [0o5711],
  )
})
