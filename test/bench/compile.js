import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Compiles a C program of this directory into another one and gives its path. */
export const compile = (name, directory) => {
  const program = join(directory, name)
  const source = join(import.meta.dirname, `${name}.c`)
  execFileSync('cc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, source])
  return program
}
