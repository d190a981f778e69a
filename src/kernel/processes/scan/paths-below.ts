import { readdirSync, statSync } from 'node:fs'
import { pathPrefix } from '../../../model/etc/path-parts.ts'
import { hexDevice } from './huge-devices.ts'
import { ifShown } from './quick-read.ts'

/**
 * The paths of the files below a directory, as far as its directories may be read; one that is
 * closed or goes meanwhile takes no others with it.
 */
export const pathsBelow = (directory: string, device: string): readonly string[] =>
  (ifShown(() => readdirSync(directory, { withFileTypes: true })) ?? []).flatMap((entry) => {
    const path = `${pathPrefix(directory)}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    const dev = ifShown(() => statSync(path, { bigint: true }).dev)
    return dev !== undefined && hexDevice(dev) === device ? pathsBelow(path, device) : []
  })
