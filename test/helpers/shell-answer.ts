import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const runShell = (root: string, script: string): string => {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-ec', script], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', ROOT: root },
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** The files of a folder by their paths, or one file, with their texts; nothing where none is. */
const textsAt = (root: string, path: string): readonly string[] => {
  const file = join(root, path)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (stat.isFile()) return [path, readFileSync(file, 'latin1')]
  return readdirSync(file)
    .sort()
    .flatMap((name) => textsAt(root, `${path}/${name}`))
}

const answers = new Map<string, string>()

/**
 * What a script prints that reads nothing but the files at some paths below `$ROOT`. A shell is started
 * once for the same texts of them: tests put a machine into the same states hundreds of times.
 */
export const shellAnswer = (root: string, script: string, paths: readonly string[]): string => {
  const key = JSON.stringify([script, ...paths.map((path) => textsAt(root, path))])
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = runShell(root, script)
  answers.set(key, answer)
  return answer
}
