import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import type { main } from '../../src/main.ts'

const dist = join(import.meta.dirname, '../../dist')
const outside = createRequire(import.meta.url)

interface Program {
  readonly main: typeof main
  readonly parts: Readonly<Record<string, () => unknown>>
}

/** The bundles of dist as the launcher loads them (bin/hugepool.js), within this process and without caches. */
export const bundledProgram = (): Program => {
  const loaded: Record<string, unknown> = {}
  const load = (name: string) => {
    const filename = join(dist, name)
    const module: { exports?: unknown } = {}
    new Script(readFileSync(filename, 'latin1'), { filename }).runInThisContext()(module, need)
    return module.exports
  }
  const need = (name: string): unknown => {
    if (!name.endsWith('.js')) return outside(name)
    loaded[name] ??= program.parts[name]?.() ?? load(name)
    return loaded[name]
  }
  const program = load('hugepool.js') as Program
  return program
}
