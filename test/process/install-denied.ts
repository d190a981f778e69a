import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import t, { type Test } from 'tap'
import { textsBelow } from '../helpers/loader-ports.ts'
import { loaderMachines } from '../helpers/loader-stage.ts'
import { scratch } from '../helpers/persist.ts'
import { node, temporary } from '../helpers/run.ts'

t.setTimeout(120_000)

const built = temporary(t)
const program = join(built, 'install.mjs')
buildSync({
  entryPoints: [join(import.meta.dirname, '../helpers/install-program.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: program,
  logLevel: 'silent',
  external: ['tap', 'esbuild'],
  nodePaths: [join(import.meta.dirname, '../../node_modules')],
})
chmodSync(built, 0o755)

const sequence = 'hugepagesz=2M hugepages=8'
const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin'

/** A machine of a boot loader below a root. */
const machine = (t: Test, loader: string): string => {
  const root = temporary(t)
  scratch(root, {
    ...loaderMachines[loader]?.files,
    '/etc/keep': '',
    '/var/lib/keep': '',
    '/boot/keep': '',
  })
  chmodSync(root, 0o755)
  return root
}

/** Shell lines in a mount namespace of their own, in which `hugepool` is the program. */
const inNamespace = (root: string, ...script: readonly string[]) => {
  const hugepool = `hugepool() { ${node} ${program} "$1" ${root} '${sequence}'; }`
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-rm', 'env', '-i', path, 'sh', '-euc', [hugepool, ...script].join('\n')],
    { encoding: 'utf8' },
  )
  if (stderr !== '') throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** A small file system in place of a directory, with what was in it and no room for more. */
const fullAt = (directory: string): readonly string[] => [
  `mkdir /tmp/copy.$$ && cp -a ${directory}/. /tmp/copy.$$`,
  `mount -t tmpfs -o size=64k,mode=755 tmpfs ${directory}`,
  `cp -a /tmp/copy.$$/. ${directory} && rm -r /tmp/copy.$$`,
  `! dd if=/dev/zero of=${directory}/fill bs=4k 2>/dev/null`,
]

t.test('no room where the words come to stand: they are not there in part', async (t) => {
  for (const [loader, directory, file] of [
    ['raspberry-pi', '/boot', 'boot/firmware/cmdline.txt'],
    ['debian-grub', '/etc', 'etc/default/grub.d/99-hugepool.cfg'],
  ] as const) {
    const root = machine(t, loader)
    const before = textsBelow(root)
    const [denied, removed, done] = inNamespace(
      root,
      ...fullAt(root + directory),
      'hugepool install',
      `rm ${root}${directory}/fill`,
      'hugepool remove',
      'hugepool install',
    )
    t.strictSame([denied.code, denied.reason], ['E_KERNEL', 'limit'], loader)
    t.match(denied.message, /no space left/i, loader)
    t.equal(denied.texts[file], before[file], loader)
    t.match(denied.texts['var/lib/hugepool/boot.json'], '"state": "installing"', loader)
    t.strictSame([removed.outcome, removed.texts], ['done', before], loader)
    t.equal(done.outcome, 'done', loader)
    t.match(done.texts[file], sequence, loader)
  }
})

t.test('no room for the record: nothing is begun', async (t) => {
  const root = machine(t, 'debian-grub')
  const before = textsBelow(root)
  const [denied] = inNamespace(root, ...fullAt(`${root}/var/lib`), 'hugepool install')
  t.strictSame([denied.code, denied.reason], ['E_KERNEL', 'limit'])
  const { 'var/lib/fill': _, ...left } = denied.texts
  t.strictSame(left, before)
})

t.test('a file system that is read-only is found before anything is begun', async (t) => {
  for (const [loader, directory] of [
    ['raspberry-pi', '/boot'],
    ['debian-grub', '/etc'],
    ['debian-grub', '/var/lib'],
  ] as const) {
    const root = machine(t, loader)
    const before = textsBelow(root)
    const at = root + directory
    const [denied] = inNamespace(
      root,
      `mount --bind ${at} ${at} && mount -o remount,bind,ro ${at}`,
      'hugepool install',
    )
    t.strictSame([denied.code, denied.reason], ['E_PERMISSION', 'read-only'], directory)
    t.strictSame(denied.texts, before, directory)
  }
})

t.test('a user without the right is told before anything is begun', async (t) => {
  const root = machine(t, 'debian-grub')
  const before = textsBelow(root)
  const closed = ['etc/default/grub.d', 'etc/default', 'var/lib'].map((name) => join(root, name))
  scratch(root, { '/etc/default/grub.d/keep': '' })
  for (const directory of closed) chmodSync(directory, 0o555)
  t.teardown(() => {
    for (const directory of closed) chmodSync(directory, 0o755)
  })
  const uid = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const { stdout, stderr } = spawnSync(
    '/usr/bin/env',
    ['-i', path, node, program, 'install', root, sequence],
    { encoding: 'utf8', cwd: '/', ...uid },
  )
  t.equal(stderr, '')
  const { texts, ...told } = JSON.parse(stdout)
  t.strictSame([told.code, told.reason], ['E_PERMISSION', 'not-root'])
  t.strictSame(texts, { ...before, 'etc/default/grub.d/keep': '' })
})
