import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { HugepoolError } from '../../src/errors.ts'
import { explain } from '../../src/kernel/errno.ts'
import { directoryMeanings, fileMeanings, pathMeanings } from '../../src/kernel/path-meanings.ts'
import { temporary } from '../helpers/run.ts'

t.test('what the kernel has against a path is told in words', async (t) => {
  const top = temporary(t)
  writeFileSync(join(top, 'file'), '')
  symlinkSync('circle', join(top, 'circle'))
  const told = (name: string, meanings: Parameters<typeof explain>[2]) => {
    try {
      return readFileSync(join(top, name), 'utf8')
    } catch (error) {
      const { code, reason, message } = explain(error, name, meanings) as HugepoolError
      return [code, reason, message]
    }
  }
  for (const [meanings, words] of [
    [pathMeanings, 'no such file or directory'],
    [fileMeanings, 'no such file'],
    [directoryMeanings, 'no such directory'],
  ] as const)
    for (const [name, reason, why] of [
      ['none', 'no-file', words],
      ['file/x', 'no-file', 'its path leads through what is not a directory'],
      ['circle', 'wrong-file', 'symbolic links that lead in a circle'],
    ] as const)
      t.strictSame(told(name, meanings), ['E_USAGE', reason, `${name}: ${why}`])
})

t.test('these words are written in one place', async (t) => {
  const top = join(import.meta.dirname, '../../src')
  const files = readdirSync(top, { recursive: true, encoding: 'utf8' })
  t.strictSame(
    files.filter(
      (name) =>
        name.endsWith('.ts') &&
        /lead in a circle|leads through what is not/.test(readFileSync(join(top, name), 'utf8')),
    ),
    ['kernel/path-meanings.ts'],
  )
})
