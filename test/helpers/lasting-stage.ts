import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Result } from './caught.ts'
import { type FakeKernel, fakeKernel } from './fake-kernel/fake-kernel.ts'
import { onFake } from './on-fake.ts'
import { scratch } from './persist.ts'
import { temporary } from './run.ts'
import { G, M } from './sizes.ts'

export const dropIn = '/etc/hugepool.d/50-hugepool.toml'

/** How hugepool's drop-in begins. */
export const dropInHead = `# 'hugepool ... --persist' writes this file, and keeps nothing but its keys and values.
# What else this machine should have belongs into /etc/hugepool.toml or a file of another name.

version = 1
`

export interface LastingStage {
  readonly root: string
  readonly kernel: FakeKernel
  readonly hugepool: (line: string) => Promise<Result>
  /** The text of a file; undefined where there is none. */
  readonly text: (path?: string) => string | undefined
}

/** A fake kernel of two nodes whose files of /etc are below a scratch root. */
export const lastingStage = (
  t: Test,
  files: Readonly<Record<string, string>> = {},
): LastingStage => {
  const root = temporary(t)
  scratch(root, { '/etc/systemd/system/.keep': '', ...files })
  const made = fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
    pools: [{ size: 2n * M, persistent: { 0: 3n, 1: 5n } }],
  })
  const kernel = Object.assign(made, { root })
  return {
    root,
    kernel,
    hugepool: (line) => onFake(kernel, line),
    text: (path = dropIn) => {
      const file = join(root, path)
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined
    },
  }
}
