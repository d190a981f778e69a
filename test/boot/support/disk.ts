import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporary } from '../../helpers/run.ts'
import { freshDisk } from './ready.ts'

/** The programs of e2fsprogs are for root elsewhere. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }

const mustDo = (
  program: string,
  words: readonly string[],
  statuses: readonly number[] = [0],
): string => {
  const { status, stdout, stderr, error } = spawnSync(program, words, { env, encoding: 'utf8' })
  if (error !== undefined) throw error
  if (!statuses.includes(status ?? -1))
    throw new Error(`${program} ${words.join(' ')}: ${status}\n${stdout}${stderr}`)
  return stdout
}

/** A copy of a file that has holes where it has. */
export const copySparse = (from: string, to: string): void => {
  mustDo('cp', ['--sparse=always', '--reflink=auto', from, to])
}

/** A disk of this test's own, with Debian, Node and hugepool. */
export const ownDisk = (t: Test): string => {
  const disk = join(temporary(t), 'disk.ext4')
  copySparse(freshDisk(), disk)
  return disk
}

/** Does what a boot does after a crash: the journal of the file system is carried out. Damage is an error. */
export const recover = (disk: string): void => {
  mustDo('e2fsck', ['-p', disk], [0, 1])
  mustDo('e2fsck', ['-fn', disk])
}

/** The text of a file of a disk that no machine runs from, or undefined where there is none. */
export const textOn = (disk: string, path: string): string | undefined => {
  const { stdout, stderr } = spawnSync('debugfs', ['-R', `cat ${path}`, disk], {
    env,
    encoding: 'utf8',
  })
  return /File not found/.test(stderr) ? undefined : stdout
}

/** The names in a directory of such a disk. */
export const namesOn = (disk: string, path: string): readonly string[] =>
  mustDo('debugfs', ['-R', `ls -p ${path}`, disk])
    .split('\n')
    .map((line) => line.split('/')[5] ?? '')
    .filter((name) => name !== '' && name !== '.' && name !== '..')

/** Puts a file at the root of such a disk. debugfs does not tell by its status whether it could. */
export const putOn = (disk: string, from: string, name: string): void => {
  mustDo('debugfs', ['-w', '-R', `write ${from} /${name}`, disk])
  if (!namesOn(disk, '/').includes(name)) throw new Error(`${name} cannot be put on the disk`)
}
