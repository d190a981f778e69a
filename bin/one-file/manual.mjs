import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A page as mandoc(1) shows it on any terminal; `.Os` has no name of this machine's system in it. */
const textOf = (file) => {
  const words = ['-I', 'os=Linux', '-O', 'width=78', '-T', 'ascii', file]
  const { status, stdout, stderr, error } = spawnSync('mandoc', words, { encoding: 'utf8' })
  if (error !== undefined || status !== 0) throw new Error(`mandoc ${file}: ${error ?? stderr}`)
  // Bold letters are struck twice, and underlined ones over a line.
  return stdout.replace(/.[\b]/g, '')
}

/** Writes the text of every manual page into a directory and returns the names of the pages. */
export const writePages = (top, directory) => {
  mkdirSync(directory, { recursive: true })
  const pages = readdirSync(join(top, 'man')).sort()
  for (const page of pages)
    writeFileSync(join(directory, page), textOf(join(top, 'man', page)), 'utf8')
  return pages
}
