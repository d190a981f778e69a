import { join } from 'node:path'

/** The specifiers of all imports and re-exports of a source file. */
export const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^(?:import|export)[^;]*?from |\bimport\()\s*'([^']+)'/gm)].map(
    ([, specifier = '']) => specifier,
  )

/** The file below `src`, or the package, that a specifier of `file` leads to. */
export const destination = (file: string, specifier: string): string =>
  specifier.startsWith('.') ? join(file, '..', specifier) : specifier
