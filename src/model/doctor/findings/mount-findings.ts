import { quotedCommand, shellWord } from '../../etc/shell-word.ts'
import type { ShownMount } from '../../mounts/hugetlbfs-mount.ts'
import { inUse, type Pool } from '../../pools/machine.ts'
import type { Bytes } from '../../words/bytes.ts'
import { firstNames } from '../../words/first-names.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

/** Where systemd mounts a hugetlbfs of the default size at every start. */
const usualTarget = '/dev/hugepages'

const reachableMounts = ({ mounts = [] }: KnownMachine): readonly ShownMount[] =>
  mounts.filter(({ hidden }) => !hidden)

/** Whether what hides a mount is another hugetlbfs on the same directory. */
const isDoubled = (all: readonly ShownMount[], { target }: ShownMount): boolean =>
  all.some((other) => !other.hidden && other.target === target)

const hiddenMounts = ({ mounts = [] }: KnownMachine, doubled: boolean) =>
  mounts.filter((mount) => mount.hidden && isDoubled(mounts, mount) === doubled)

export const mountHidden = (known: KnownMachine): readonly UnnamedFinding[] =>
  hiddenMounts(known, false).map(({ target }) => ({
    level: 'warning',
    what: `the hugetlbfs on ${target} is hidden by another mount: programs find something else there`,
    hints: [`${quotedCommand(`findmnt -T ${shellWord(target)}`)} shows what is mounted over it`],
  }))

export const mountDoubled = (known: KnownMachine): readonly UnnamedFinding[] =>
  hiddenMounts(known, true).map(({ target }) => ({
    level: 'warning',
    what: `two hugetlbfs are mounted on ${target}: the files of the lower one are out of reach, and keep their pages`,
    hints: [`${quotedCommand(`hugepool umount ${shellWord(target)}`)} takes the upper one away`],
  }))

const sizesMounted = (known: KnownMachine): ReadonlySet<bigint | undefined> =>
  new Set(reachableMounts(known).map(({ pageSize }) => pageSize))

const mayHavePages = ({ total, overcommit = 0n }: Pool): boolean => total > 0n || overcommit > 0n

/** Whether systemd would have mounted the default size, had its unit not been masked. */
const lacksMasked = (known: KnownMachine): boolean =>
  known.mounts !== undefined &&
  known.isUsualMountMasked &&
  !reachableMounts(known).some(({ target }) => target === usualTarget)

export const devHugepagesMasked = (known: KnownMachine): readonly UnnamedFinding[] => {
  if (!lacksMasked(known)) return []
  const pool = known.machine.pools.find(({ isDefault }) => isDefault)
  const isMissed = pool !== undefined && pool.total > 0n && !sizesMounted(known).has(pool.size)
  return [
    {
      level: isMissed ? 'warning' : 'note',
      what: `dev-hugepages.mount is masked, so that nothing is mounted on ${usualTarget}`,
      hints: ["'systemctl unmask dev-hugepages.mount' has it mounted again at the next start"],
    },
  ]
}

export const pagesWithoutMount = (known: KnownMachine): readonly UnnamedFinding[] => {
  if (known.mounts === undefined) return []
  const mounted = sizesMounted(known)
  return known.machine.pools
    .filter(({ size, total }) => total > 0n && !mounted.has(size))
    .filter(({ isDefault }) => !(isDefault === true && lacksMasked(known)))
    .map(({ size, total }) => ({
      level: 'note',
      what: `there ${total === 1n ? 'is' : 'are'} ${plural(total, 'page')} of ${formatSize(size)}, and no hugetlbfs of that size for the programs that want files`,
      hints: [
        `'hugepool mount /dev/hugepages-${formatSize(size)} --pagesize ${formatSize(size)} --mkdir' mounts one`,
      ],
    }))
}

/**
 * Finds mounts of sizes that have no page. The one of systemd does not count: it is made wherever the
 * kernel has huge pages, so that it does not tell whether anybody wants some.
 */
export const mountWithoutPages = (known: KnownMachine): readonly UnnamedFinding[] => {
  const mounts = reachableMounts(known).filter(({ target }) => target !== usualTarget)
  return known.machine.pools
    .filter((pool) => !mayHavePages(pool))
    .map(({ size }) => ({ size, on: mounts.filter(({ pageSize }) => pageSize === size) }))
    .filter(({ on }) => on.length > 0)
    .map(({ size, on }) => ({
      level: 'note',
      what: `the hugetlbfs on ${firstNames(on.map(({ target }) => target))} ${on.length === 1 ? 'has' : 'have'} pages of ${formatSize(size)}, of which there are none`,
      hints: [`'hugepool resize ${formatSize(size)}=COUNT' makes some`],
    }))
}

const memoryIn = (pools: readonly Pool[]): Bytes =>
  pools.reduce((sum, { size, total }) => sum + size * total, 0n)

/** Programs that ask for huge pages without naming a size get those of the default size. */
export const defaultSize = (known: KnownMachine): readonly UnnamedFinding[] => {
  const pool = known.machine.pools.find(({ isDefault }) => isDefault)
  const mounted = sizesMounted(known)
  const others = known.machine.pools.filter(({ size, total }) => total > 0n && mounted.has(size))
  const [first] = others
  if (pool === undefined || first === undefined) return []
  const isEmpty = !mayHavePages(pool) && inUse(pool) <= 0n
  const isMinor = pool.total > 0n && !mounted.has(pool.size) && memoryIn([pool]) < memoryIn(others)
  if (!isEmpty && !isMinor) return []
  const sizes = others.map(({ size }) => formatSize(size)).join(', ')
  const [there, gets] = isEmpty
    ? ['are no pages', 'none']
    : [
        `${pool.total === 1n ? 'is' : 'are'} ${plural(pool.total, 'page')} and no mount`,
        'no others',
      ]
  return [
    {
      level: isEmpty ? 'warning' : 'note',
      what: `the default page size is ${formatSize(pool.size)}, of which there ${there}, and the mounts have ${sizes}: a program that names no size gets ${gets}`,
      hints: [
        `'hugepool boot --default ${formatSize(first.size)}' writes the words for the kernel command line`,
      ],
    },
  ]
}
