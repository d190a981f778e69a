import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A Debian below a directory, which does not run. */
const root = process.env.HUGEPOOL_TEST_ROOT ?? ''
export const at = (path: string): string => join(root, path)

/** The processor of what is below the directory, in the words of Node. */
export const arch = process.env.HUGEPOOL_TEST_ARCH ?? process.arch
/** The processor of what is below the directory, in the words of Debian. */
export const debianArch = arch === 'x64' ? 'amd64' : arch

const environment = {
  PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/tmp',
  LC_ALL: 'C.UTF-8',
}

const own = ['unshare', '-m', '--propagation', 'private']
const emulated = ['sh', join(import.meta.dirname, '../emulated.sh')]

/** Runs a program below the directory, where it sees the kernel, and can write to nothing of it. */
export const answerTo = (input: string, ...words: readonly string[]) => {
  const line = `mount -t proc -o ro proc "$1/proc" && mount -t sysfs -o ro sysfs "$1/sys" && exec chroot "$@"`
  const [command = '', ...before] = arch === process.arch ? own : emulated
  const shell = [...before, 'sh', '-c', line, 'sh', root, ...words]
  const answer = spawnSync(command, shell, { encoding: 'utf8', input, env: environment })
  return { status: answer.status, stdout: answer.stdout, stderr: answer.stderr }
}
export const inRoot = (...words: readonly string[]) => answerTo('', ...words)
export const said = (...words: readonly string[]): string => {
  const { status, stdout, stderr } = inRoot(...words)
  if (status !== 0) throw new Error(`${words.join(' ')}: ${status}: ${stdout}${stderr}`)
  return stdout
}

/** Types a line where a package lies, and says yes when it is asked. */
export const typed = (line: string) => answerTo('y\n', 'sh', '-c', `cd /tmp && ${line}`)

/** The lines of README.md by which a program installs the package, and removes it without a trace. */
export const readmeLines = (program: string): readonly [install: string, remove: string] => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const line = new RegExp(`^(${program} install .*\\S) +# (${program} (?:purge|remove) .*)$`, 'm')
  const [, install = '', remove = ''] = line.exec(readme) ?? []
  return [install, remove]
}

/** Everything below the directory but what package managers and the triggers keep for themselves. */
export const everything = (): readonly string[] => {
  const kept = ['dpkg', 'apt', 'dnf', 'rpm'].map((name) => `./var/lib/${name}`)
  const others = [...kept, './var/log', './var/cache', './tmp', './dev', './proc', './sys'].flatMap(
    (path) => [...['-path', path, '-prune', '-o']],
  )
  const find = (...words: readonly string[]): string =>
    execFileSync('find', ['.', ...others, ...words], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
  const sums = find('-type', 'f', '-exec', 'sha256sum', '{}', '+')
  return `${find('-printf', '%M %U:%G %p %l\n')}${sums}`.split('\n')
}

/** What is in one list alone. */
export const without = (lines: readonly string[], others: readonly string[]): readonly string[] => {
  const known = new Set(others)
  return lines.filter((line) => !known.has(line))
}
