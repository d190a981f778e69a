import { type HugepoolError, objectionOf, throwAll } from '../../errors.ts'
import { octets } from '../etc/octets.ts'
import { isWithin } from '../etc/path-parts.ts'
import { asFound, flagsOf } from '../mounts/desired-mount.ts'
import { type HugetlbfsMount, isUnderstood, type ShownMount } from '../mounts/hugetlbfs-mount.ts'
import { readConfigFile } from './config-file.ts'
import type { ConfiguredMount } from './configuration.ts'
import { foreignOwner } from './foreign-mounts.ts'
import { requestOfMount } from './lasting-mount.ts'
import { mergeFiles } from './merge-files.ts'
import { printConfiguration } from './print-configuration.ts'

/**
 * Tells whether a path lies where everything is gone at the next start. The directory on which a
 * mount is has to be made again there.
 */
const isTemporary = (target: string): boolean =>
  ['/run', '/dev', '/tmp'].some((directory) => isWithin(target, directory))

const asConfigured = (mount: HugetlbfsMount): ConfiguredMount => ({
  request: requestOfMount(asFound(mount, flagsOf(mount))),
  mkdir: isTemporary(mount.target),
  over: false,
})

/** Finds what keeps a mount from being written into a file, such as a limit of 0. */
const objectionsTo = (mount: ConfiguredMount): readonly HugepoolError[] =>
  objectionOf(() => {
    const text = printConfiguration({ pools: [], mounts: [mount], boot: {}, tune: {} })
    const merged = mergeFiles([readConfigFile(octets(text), 'file')])
    if ('errors' in merged) throwAll(merged.errors)
  })

/** A mount for a file, or why it is left out, or what of it could not be read. */
export type ExportedMount =
  | { readonly mount: ConfiguredMount }
  | { readonly why: string }
  | { readonly unread: string }

const whyNot = (mount: ShownMount, all: boolean): string | undefined => {
  const { target, hidden, bound, shares } = mount
  const owner = all ? undefined : foreignOwner(target)
  if (hidden) return 'another mount lies on it'
  if (bound !== undefined) return 'a directory of another hugetlbfs is bound there'
  if (target.includes('\ufffd')) return 'its name is not UTF-8'
  if (shares !== undefined) return `its ${shares.join(' and ')} was a share of the pool`
  return owner === undefined ? undefined : `${owner} sees to it; --all has it`
}

/**
 * Describes a mount for a file, so that it would be mounted as it is. `all` includes mounts that
 * others see to.
 */
export const exportedMount = (mount: ShownMount, all: boolean): ExportedMount => {
  const why = whyNot(mount, all)
  if (why !== undefined) return { why }
  if (!isUnderstood(mount)) return { unread: `not understood: ${mount.unclear?.join(', ')}` }
  const configured = asConfigured(mount)
  const [objection] = objectionsTo(configured)
  return objection === undefined
    ? { mount: configured }
    : { why: 'its limits are none that could be asked for' }
}
