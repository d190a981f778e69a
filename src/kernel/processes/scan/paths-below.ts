import { readdirSync, statSync } from 'node:fs'
import { textWithEscapes } from '../../../model/etc/octal-escapes.ts'
import { asOctets, isText, type Octets, octets, textOf } from '../../../model/etc/octets.ts'
import { pathPrefix } from '../../../model/etc/path-parts.ts'
import { hexDevice } from './huge-devices.ts'
import { looked } from './quick-read.ts'

/** A file below a directory. */
export interface PathBelow {
  /** The path, in which bytes that are not UTF-8 are octal escapes. */
  readonly path: string
  /** The name by which calls of the kernel find it: the path, or its bytes where they are not UTF-8. */
  readonly file: string | Buffer
}

const pathBelow = (path: Octets): PathBelow =>
  isText(path)
    ? { path: textOf(path), file: textOf(path) }
    : { path: textWithEscapes(path), file: Buffer.from(path, 'latin1') }

const below = (
  directory: Octets,
  device: string,
  onClosed: (directory: string) => void,
): readonly PathBelow[] => {
  const { path: shown, file } = pathBelow(directory)
  const options = { withFileTypes: true, encoding: 'latin1' } as const
  const entries = looked(() => readdirSync(file, options))
  if (!('value' in entries)) {
    if (entries.denied !== undefined) onClosed(shown)
    return []
  }
  return entries.value.flatMap((entry) => {
    const octetsOf = asOctets(`${pathPrefix(directory)}/${entry.name}`)
    const one = pathBelow(octetsOf)
    if (!entry.isDirectory()) return [one]
    const stat = looked(() => statSync(one.file, { bigint: true }))
    if ('value' in stat)
      return hexDevice(stat.value.dev) === device ? below(octetsOf, device, onClosed) : []
    if (stat.denied !== undefined) onClosed(one.path)
    return []
  })
}

/**
 * Finds the files below a directory, as far as its directories may be read. One that goes meanwhile, or
 * is closed, takes no others with it; `onClosed` is told of those that are closed.
 */
export const pathsBelow = (
  directory: string,
  device: string,
  onClosed: (directory: string) => void = () => {},
): readonly PathBelow[] => below(octets(directory), device, onClosed)
