import { spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { backups, markedFiles, unmarkedFiles } from '../helpers/own-files.ts'
import { filesBelow, temporary } from '../helpers/run.ts'

// What the purge of the Debian package removes, without Debian: its script with all paths below a directory.

const script = readFileSync(join(import.meta.dirname, '../../bin/packages/deb/postrm'), 'utf8')

interface Machine {
  readonly put: (path: string, text: string) => void
  readonly link: (path: string, to: string) => void
  readonly purge: () => string
  readonly left: () => readonly string[]
  readonly has: (path: string) => boolean
}

const machine = (t: Test): Machine => {
  const [root, programs] = [temporary(t), temporary(t)]
  const at = (path: string): string => join(root, path)
  const make = (path: string): string => {
    mkdirSync(dirname(at(path)), { recursive: true })
    return at(path)
  }
  const own = script.replace(/(?<=[\s="])(?=\/(?:boot|etc|run|var)\b)/g, root)
  const stub = join(programs, 'update-rc.d')
  writeFileSync(stub, '#!/bin/sh\n')
  chmodSync(stub, 0o755)
  return {
    put: (path, text) => writeFileSync(make(path), text),
    link: (path, to) => symlinkSync(to, make(path)),
    purge: () => {
      const env = { PATH: `${programs}:/usr/bin:/bin` }
      const { status, stdout, stderr } = spawnSync('sh', ['-c', own, 'postrm', 'purge'], {
        encoding: 'utf8',
        env,
      })
      return `${status}: ${stdout}${stderr}`
    },
    left: () => Object.keys(filesBelow(root)),
    has: (path) => lstatSync(at(path), { throwIfNoEntry: false }) !== undefined,
  }
}

t.test('a purge takes all that hugepool writes', async (t) => {
  const { put, link, purge, has } = machine(t)
  const all = { ...markedFiles, ...unmarkedFiles, '/var/lib/hugepool/boot.json': '{}' }
  for (const [path, text] of Object.entries(all)) put(path, text)
  const links = ['/etc/runlevels/boot/hugepool']
  for (const path of links) link(path, '/etc/init.d/hugepool')
  t.equal(purge(), '0: ')
  t.strictSame(
    [...Object.keys(all), ...links, '/run/hugepool', '/var/lib/hugepool'].filter(has),
    [],
  )
})

t.test('a purge leaves what others wrote in the same places', async (t) => {
  const { put, link, purge, left } = machine(t)
  for (const path of Object.keys(markedFiles)) put(path, '# Of the administrator\n')
  for (const path of backups) {
    put(path.replace('.hugepool-backup', ''), 'of the administrator\n')
    put(path.replace('.hugepool-backup', '.backup'), 'of the administrator, earlier\n')
    link(path, basename(path.replace('.hugepool-backup', '')))
  }
  put('/run/hugepool/mine', '')
  const before = left()
  t.equal(purge(), '0: ')
  t.strictSame(left(), before)
})
