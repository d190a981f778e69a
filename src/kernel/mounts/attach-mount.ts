import { readSync } from 'node:fs'
import { HugepoolError } from '../../errors.ts'
import {
  type DesiredMount,
  fileSystemOptions,
  type MountFlag,
  noSource,
} from '../../model/mounts/desired-mount.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import { mountRootHint } from '../../model/words/root-hint.ts'
import { errnoOf, explain } from '../errno.ts'
import type { Native } from '../native/native.ts'
import { release } from '../release-descriptor.ts'

/**
 * The commands of fsconfig(2). They are in include/uapi/linux/mount.h, and so are the bits below.
 */
const configure = { setFlag: 0, setString: 1, create: 6 } as const
const attributeBits = { ro: 1, nosuid: 2, nodev: 4, noexec: 8 } as const satisfies Bits
const flagBits = { ro: 1, nosuid: 2, nodev: 4, noexec: 8 } as const satisfies Bits
const remountBit = 32

type Bits = Readonly<Record<MountFlag, number>>

const bitsOf = (flags: readonly MountFlag[], bits: Bits): number =>
  flags.reduce((sum, flag) => sum | bits[flag], 0)

const mountMeanings = {
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'not-root',
    words: 'operation not permitted',
    hint: mountRootHint,
  },
  ENODEV: { code: 'E_UNSUPPORTED', reason: 'no-hugetlb', words: 'this kernel has no hugetlbfs' },
  ENOENT: { code: 'E_REFUSED', reason: 'no-file', words: 'no such directory' },
} as const

const noReserve = {
  ENOMEM: {
    code: 'E_KERNEL',
    reason: 'short',
    words: 'the kernel cannot reserve what --min-size guarantees (ENOMEM)',
    hint: 'hugepool list shows what is available',
  },
} as const

const mountFailure = (error: unknown, { target, minSize }: DesiredMount): unknown =>
  explain(
    error,
    `mount ${target}`,
    minSize === undefined ? mountMeanings : { ...mountMeanings, ...noReserve },
  )

/**
 * Reads the messages of the kernel about a failure. Each read returns one of them, such as `e
 * hugetlbfs: Bad value 'x' for ...`.
 */
const kernelWords = (context: number): readonly string[] => {
  const buffer = Buffer.alloc(4096)
  const lines: string[] = []
  for (;;) {
    try {
      const length = readSync(context, buffer)
      if (length === 0) return lines
      lines.push(
        buffer
          .toString('utf8', 0, length)
          .replace(/^[ewi] /, '')
          .trim(),
      )
    } catch {
      // ENODATA means that there are no more messages.
      return lines
    }
  }
}

const rejected = (
  error: unknown,
  desired: DesiredMount,
  context: number,
  option: string,
): unknown => {
  const words = kernelWords(context)
  if (errnoOf(error) !== 'EINVAL' && words.length === 0) return mountFailure(error, desired)
  const why = words.length > 0 ? words.join('; ') : 'invalid (EINVAL); dmesg may say more'
  return new HugepoolError(
    'E_KERNEL',
    'kernel',
    `mount ${desired.target}: the kernel rejects ${option}: ${why}`,
  )
}

/** Sets all options and creates the file system. The error names the option that failed. */
const configureAll = (native: Native, context: number, desired: DesiredMount): void => {
  const attempt = (option: string, call: () => void) => {
    try {
      call()
    } catch (error) {
      throw rejected(error, desired, context, option)
    }
  }
  for (const [key, value] of [['source', noSource] as const, ...fileSystemOptions(desired)])
    attempt(`${key}=${value}`, () => native.fsconfig(context, configure.setString, key, value))
  if (desired.flags.includes('ro'))
    attempt('ro', () => native.fsconfig(context, configure.setFlag, 'ro'))
  attempt('these options together', () => native.fsconfig(context, configure.create))
}

/**
 * Opens a context of hugetlbfs. Returns undefined where the kernel lacks fsopen(2), or where a
 * filter of system calls may have refused it.
 */
const openContext = (native: Native, desired: DesiredMount): number | undefined => {
  try {
    return native.fsopen('hugetlbfs')
  } catch (error) {
    // A filter answers EPERM, and so does the kernel where a capability is missing. mount(2), which
    // is called instead, fails in the second case too, and its error is the one that counts.
    if (errnoOf(error) === 'ENOSYS' || errnoOf(error) === 'EPERM') return undefined
    throw mountFailure(error, desired)
  }
}

/** A file system that is not mounted anywhere yet. It is gone when the process ends. */
export interface UnattachedMount {
  attach(): void
  close(): void
}

const explainMount = (desired: DesiredMount, call: () => void) => (): void => {
  try {
    call()
  } catch (error) {
    throw mountFailure(error, desired)
  }
}

const withMount = (native: Native, desired: DesiredMount): UnattachedMount => ({
  attach: explainMount(desired, () => {
    const data = fileSystemOptions(desired).map(([key, value]) => `${key}=${value}`)
    const bits = bitsOf(desired.flags, flagBits)
    native.mount(noSource, desired.target, 'hugetlbfs', bits, data.join(','))
  }),
  close: () => undefined,
})

/**
 * Makes the file system of a mount by fsopen(2), where the kernel has it (5.2), so that nothing is
 * left behind if a step fails before the mount is attached. Without fsopen(2), `attach` makes and
 * attaches it by one call of mount(2).
 */
export const unattachedMount = (native: Native, desired: DesiredMount): UnattachedMount => {
  const context = openContext(native, desired)
  if (context === undefined) return withMount(native, desired)
  try {
    configureAll(native, context, desired)
    const mount = native.fsmount(context, bitsOf(desired.flags, attributeBits))
    return {
      attach: explainMount(desired, () => native.moveMount(mount, desired.target)),
      close: () => release(mount),
    }
  } catch (error) {
    throw mountFailure(error, desired)
  } finally {
    release(context)
  }
}

/** The flags that hugepool does not set and that a remount clears unless they are given again. */
const keptBits: ReadonlyMap<string, number> = new Map([
  ['sync', 1 << 4],
  ['nosymfollow', 1 << 8],
  ['lazytime', 1 << 25],
])

/**
 * Changes the flags of a mount; a remount of hugetlbfs changes nothing else. The flags for access
 * times are kept.
 */
export const remount = (
  native: Native,
  { target, options }: HugetlbfsMount,
  flags: readonly MountFlag[],
): void => {
  const kept = options.split(',').reduce((bits, word) => bits | (keptBits.get(word) ?? 0), 0)
  try {
    native.mount(noSource, target, 'hugetlbfs', remountBit | kept | bitsOf(flags, flagBits), '')
  } catch (error) {
    throw explain(error, `remount ${target}`, mountMeanings)
  }
}
