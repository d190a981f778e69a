import { dirname } from 'node:path'

/** Text files by their absolute paths. */
export type Files = Readonly<Record<string, string>>

const kinds = { directory: 0o040755, file: 0o100644 }

/** One entry of the format that the kernel unpacks: a header of numbers, the name, the content, each to a multiple of four. */
const entry = (name: string, mode: number, content = Buffer.alloc(0)): Buffer => {
  const padded = (bytes: Buffer) =>
    Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  const numbers = [0, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, Buffer.byteLength(name) + 1, 0]
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`
  return Buffer.concat([padded(Buffer.from(`${header}${name}\0`)), padded(content)])
}

const directoriesOf = (path: string): readonly string[] =>
  path === '/' ? [] : [...directoriesOf(dirname(path)), path]

/** An archive of these files, with the directories that they are in. */
export const archiveOf = (files: Files): Buffer => {
  const paths = Object.keys(files)
  const directories = new Set(paths.flatMap((path) => directoriesOf(dirname(path))))
  return Buffer.concat([
    ...[...directories].map((path) => entry(path.slice(1), kinds.directory)),
    ...paths.map((path) => entry(path.slice(1), kinds.file, Buffer.from(files[path] ?? ''))),
    entry('TRAILER!!!', 0),
  ])
}
