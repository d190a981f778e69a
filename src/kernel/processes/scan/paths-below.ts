import { readdirSync, statSync } from 'node:fs'
import { pathPrefix } from '../../../model/etc/path-parts.ts'
import { hexDevice } from './huge-devices.ts'
import { looked } from './quick-read.ts'

/**
 * The paths of the files below a directory, as far as its directories may be read; one that goes
 * meanwhile or is closed, which `onClosed` is told, takes no others with it.
 */
export const pathsBelow = (
  directory: string,
  device: string,
  onClosed: (directory: string) => void = () => {},
): readonly string[] => {
  const entries = looked(() => readdirSync(directory, { withFileTypes: true }))
  if (!('value' in entries)) {
    if (entries.denied !== undefined) onClosed(directory)
    return []
  }
  return entries.value.flatMap((entry) => {
    const path = `${pathPrefix(directory)}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    const stat = looked(() => statSync(path, { bigint: true }))
    if ('value' in stat)
      return hexDevice(stat.value.dev) === device ? pathsBelow(path, device, onClosed) : []
    if (stat.denied !== undefined) onClosed(path)
    return []
  })
}
