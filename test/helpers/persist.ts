import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { directoryTree } from '../../src/kernel/tree.ts'
import type { DesiredMount } from '../../src/model/mounts/desired-mount.ts'
import type { Ports } from '../../src/operations/ports.ts'
import { fakeClock } from './fake-clock.ts'
import { none } from './fake-native.ts'
import { M } from './sizes.ts'

export const huge: DesiredMount = {
  target: '/mnt/huge',
  pageSize: 2n * M,
  size: 8n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  flags: ['nosuid', 'nodev'],
}

/** Directories of no interest that an outcome of random names has to pass by. */
export const awkwardTargets: readonly string[] = [
  '/mnt/huge',
  '/dev/hugepages',
  '/mnt/huge-1G',
  '/mnt/a b',
  '/mnt/100%/%h',
  '/mnt/ä\u20ac',
  '/.hidden/.x',
  '/mnt/x\\040y',
  '/mnt/tab\there',
  `/mnt/it's"q"`,
  '/mnt/#;&|*?~=:@[]{}()<>,',
  `/${'a'.repeat(120)}/${'b'.repeat(120)}`,
]

/** Files of a scratch machine, by path. */
export const scratch = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, 'latin1')
  }
}

/** An operation on files below a scratch root, which is no running kernel. */
export const portsOn = (root: string): Ports => ({
  tree: directoryTree(root),
  native: none,
  ...fakeClock(),
  watchSignals: () => ({ pending: () => undefined }),
  note: () => {},
  reason: none,
  progress: none,
  mapper: none,
})
