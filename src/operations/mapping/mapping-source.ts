import { usage } from '../../errors.ts'
import { explain } from '../../kernel/errno.ts'
import type { Mapper } from '../../kernel/mapping/mapper.ts'
import { readMounts } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { directoryMeanings, fileMeanings } from '../../kernel/path-meanings.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { MappingPlan } from '../../model/mapping/mapping-plan.ts'
import { chooseMount, chooseOwnMount } from '../../model/mounts/mount-choice.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { plural } from '../../model/words/plural.ts'
import { explainCall } from './call-errors.ts'
import { explainFile } from './file-errors.ts'

/** What is mapped: anonymous memory, a file, a device or a SysV segment. */
export interface MappingSource {
  readonly kind: 'anon' | 'file' | 'memfd' | 'path' | 'device' | 'segment'
  readonly descriptor?: number
  /** The directory of an unnamed file, or the path of a file or device. */
  readonly path?: string
  /** Whether the source has a length, beyond which it has no pages. A device has none. */
  readonly isFile: boolean
  close(): void
}

const closable = (mapper: Mapper, descriptor: number) => ({
  descriptor,
  close: () => mapper.close(descriptor),
})

const without = (kind: 'anon' | 'segment'): MappingSource => ({
  kind,
  isFile: false,
  close: () => {},
})

const typedDirectory = (mapper: Mapper, typed: string): string => {
  try {
    return mapper.realPath(absolutePath(typed))
  } catch (error) {
    throw explain(error, typed, directoryMeanings)
  }
}

const directoryFor = (mapper: Mapper, tree: Tree, { size, mount }: MappingPlan): string => {
  const mounts = readMounts(tree)
  if (mount !== undefined) return chooseMount(mounts, size, typedDirectory(mapper, mount))
  return chooseOwnMount(mounts, size, mapper.mayWrite)
}

const unnamed = (mapper: Mapper, tree: Tree, plan: MappingPlan): MappingSource => {
  const directory = directoryFor(mapper, tree, plan)
  try {
    const source = closable(mapper, mapper.unnamedFile(directory))
    // The directory may lie below another file system that is mounted inside the chosen mount.
    if (mapper.pageSizeOf(source.descriptor) === plan.size)
      return { kind: 'file', path: directory, isFile: true, ...source }
    source.close()
    throw usage(
      `${directory}: is on no hugetlbfs with pages of ${formatSize(plan.size)}`,
      undefined,
      'wrong-size',
    )
  } catch (error) {
    throw explainFile(error, tree, directory)
  }
}

const memfd = (mapper: Mapper, { size }: MappingPlan): MappingSource => {
  try {
    return { kind: 'memfd', isFile: true, ...closable(mapper, mapper.memfd(size)) }
  } catch (error) {
    throw explainCall(error, 'memfd_create', {
      ENODEV: {
        code: 'E_UNSUPPORTED',
        reason: 'no-size',
        words: `there are no ${formatSize(size)} pages here`,
      },
    })
  }
}

const strangePath = {
  ...fileMeanings,
  ENOENT: { ...fileMeanings.ENOENT, hint: '--path creates nothing' },
  EROFS: { code: 'E_PERMISSION', reason: 'read-only', words: 'its mount is read-only (EROFS)' },
  ENXIO: {
    code: 'E_UNSUPPORTED',
    reason: 'wrong-file',
    words: 'there is no device behind it (ENXIO)',
  },
} as const

/** Throws E_USAGE where the mapping is longer than the file: mmap lengthens a hugetlbfs file. */
const checkLength = (mapper: Mapper, descriptor: number, plan: MappingPlan, path: string): void => {
  const bytes = mapper.fileBytes(descriptor)
  const whole = (bytes + plan.size - 1n) / plan.size
  if (plan.pages <= whole) return
  throw usage(
    `${path}: has ${plural(whole, 'page')} of ${formatSize(plan.size)}, and mapping ${plan.pages} would make it longer`,
    whole > 0n ? `'${formatSize(plan.size)}=${whole}' is all of it` : undefined,
    'short',
  )
}

const existing = (mapper: Mapper, plan: MappingPlan, path: string): MappingSource => {
  try {
    const file = mapper.openExisting(path, plan.sharing)
    if (file === undefined)
      throw usage(
        `${path}: neither a file on hugetlbfs nor a character device`,
        undefined,
        'wrong-file',
      )
    const source = closable(mapper, file.descriptor)
    try {
      if (file.pageSize === undefined && plan.processes > 1)
        throw usage(`${path}: a device is not shared by --processes`)
      if (file.pageSize !== undefined) {
        if (file.pageSize !== plan.size)
          throw usage(`${path}: has pages of ${formatSize(file.pageSize)}`, undefined, 'wrong-size')
        checkLength(mapper, file.descriptor, plan, path)
      }
    } catch (error) {
      source.close()
      throw error
    }
    const isFile = file.pageSize !== undefined
    return { kind: isFile ? 'path' : 'device', path, isFile, ...source }
  } catch (error) {
    throw explain(error, path, strangePath)
  }
}

/** Opens the source of one mapping, which is closed once. */
export const openSource = (mapper: Mapper, tree: Tree, plan: MappingPlan): MappingSource => {
  if (plan.path !== undefined) return existing(mapper, plan, plan.path)
  if (plan.via === 'file') return unnamed(mapper, tree, plan)
  if (plan.via === 'memfd') return memfd(mapper, plan)
  return without(plan.via === 'shm' ? 'segment' : 'anon')
}
