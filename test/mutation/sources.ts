import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './choice.ts'
import { mutationsOf } from './mutators.ts'

const filesBelow = (top: string, folders: readonly string[]): readonly string[] =>
  folders
    .filter((folder) => existsSync(join(top, folder)))
    .flatMap((folder) =>
      readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${folder}/${name}`),
    )
    .sort()

/** The floors whose rules are held by unit tests. */
export const sourcesOf = (top: string): readonly string[] =>
  filesBelow(top, ['src/model', 'src/kernel', 'src/operations'])

/** Tests that run the sources themselves; those of processes run what is built from them. */
export const unitTestsOf = (top: string): readonly string[] =>
  filesBelow(top, ['test/model', 'test/kernel', 'test/operations', 'test/output', 'test/cli'])

export const mutantsOf = (top: string, file: string): readonly Mutant[] => {
  const source = readFileSync(join(top, file), 'utf8')
  return mutationsOf(source).map((mutation) => ({ file, source, mutation }))
}

const git = (top: string, ...words: readonly string[]): string =>
  execFileSync('git', ['-C', top, ...words], { encoding: 'utf8' })

const secondsOfDay = 24 * 60 * 60

/** Files that the commits of the days before the last commit changed, or that differ from a revision. */
export const changedSince = (top: string, since: string): ReadonlySet<string> => {
  if (!/^\d+$/.test(since)) return new Set(git(top, 'diff', '--name-only', since).split('\n'))
  const last = Number(git(top, 'log', '-1', '--format=%ct'))
  const from = `--since=${last - Number(since) * secondsOfDay}`
  return new Set(git(top, 'log', from, '--name-only', '--format=').split('\n'))
}
