import type { Native } from './kernel/native/native.ts'
import { replacing } from './kernel/replacing.ts'
import type { Tree } from './kernel/tree.ts'
import type { Ports } from './operations/ports.ts'

/**
 * What a command has done to the machine so far, in words, by the file or directory that it was done
 * to: the last deed on each counts. An error that ends the command afterwards, as that of a look at
 * what became of it, is told with them.
 */
export interface Deeds {
  readonly did: (subject: string, words: string) => void
  /** Forgets what was taken back, or came to nothing. */
  readonly undid: (subject: string) => void
  readonly all: () => readonly string[]
  /** Notes that the command has come to its end. An error after that is one of telling its result. */
  readonly end: () => void
  readonly areEnded: () => boolean
}

export const noteDeeds = (): Deeds => {
  const deeds = new Map<string, string>()
  let ended = false
  return {
    did: (subject, words) => {
      // A deed that follows others is told behind them.
      deeds.delete(subject)
      deeds.set(subject, words)
    },
    undid: (subject) => deeds.delete(subject),
    all: () => [...deeds.values()],
    end: () => {
      ended = true
    },
    areEnded: () => ended,
  }
}

/** A tree whose writes are noted. */
const treeNoting = (tree: Tree, { did }: Pick<Deeds, 'did'>): Tree =>
  replacing(tree, {
    write: (path, value) => {
      tree.write(path, value)
      did(path, `${value} written to ${path}`)
    },
  })

/** MS_REMOUNT of include/uapi/linux/mount.h. */
const remountBit = 32

/** Native calls whose mounts are noted. One that is unmounted again was none. */
const nativeNoting = (native: Native, deeds: Deeds): Native => {
  const mounted = new Set<string>()
  const noteMount = (target: string): void => {
    mounted.add(target)
    deeds.did(target, `mounted on ${target}`)
  }
  return replacing(native, {
    mount: (source, target, type, flags, data) => {
      native.mount(source, target, type, flags, data)
      if ((flags & remountBit) === 0) noteMount(target)
      else deeds.did(target, `remounted ${target}`)
    },
    moveMount: (mount, target) => {
      native.moveMount(mount, target)
      noteMount(target)
    },
    umount: (target, flags) => {
      native.umount(target, flags)
      if (mounted.delete(target)) deeds.undid(target)
      else deeds.did(target, `unmounted ${target}`)
    },
  })
}

/** Ports through which nothing is changed without being noted. */
export const portsNoting = (ports: Ports, deeds: Deeds): Ports => {
  let noting: Native | undefined
  const { did, undid } = deeds
  return {
    ...ports,
    tree: treeNoting(ports.tree, deeds),
    native: () => {
      noting ??= nativeNoting(ports.native(), deeds)
      return noting
    },
    did,
    undid,
  }
}
