import t from 'tap'
import type { KnownMachine } from '../../../../src/model/doctor/findings/known-machine.ts'
import {
  defaultSize,
  devHugepagesMasked,
  mountDoubled,
  mountHidden,
  mountWithoutPages,
  pagesWithoutMount,
} from '../../../../src/model/doctor/findings/mount-findings.ts'
import type { ShownMount } from '../../../../src/model/mounts/hugetlbfs-mount.ts'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import { shownMount } from '../../../helpers/healthy-machine.ts'
import { knownPools, poolOf } from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

/** A pool that has no pages. */
const none = { total: 0n, free: 0n }

const known = (
  pools: readonly Partial<Pool>[],
  mounts: readonly ShownMount[],
  of: Partial<KnownMachine> = {},
): KnownMachine => knownPools(pools.map(poolOf), { mounts, ...of })

const usual = shownMount('/dev/hugepages', 2n * M)

t.test('a mount that something else hides, or another hugetlbfs', async (t) => {
  const hidden = shownMount('/mnt/my huge', 2n * M, true)
  const lower = shownMount("/mnt/a'b", G, true)
  const all = known([{}], [usual, hidden, lower, shownMount("/mnt/a'b", 2n * M)])
  t.strictSame(mountHidden(all), [
    {
      level: 'warning',
      what: 'the hugetlbfs on /mnt/my huge is hidden by another mount: programs find something else there',
      hints: ['"findmnt -T \'/mnt/my huge\'" shows what is mounted over it'],
    },
  ])
  t.strictSame(mountDoubled(all), [
    {
      level: 'warning',
      what: "two hugetlbfs are mounted on /mnt/a'b: the files of the lower one are out of reach, and keep their pages",
      hints: ["\"hugepool umount '/mnt/a'\\''b'\" takes the upper one away"],
    },
  ])
  const both = known([{}], [hidden, hidden])
  t.strictSame([mountHidden(both).length, mountDoubled(both)], [2, []])
  const open = known([{}], [usual, usual])
  t.strictSame([mountHidden(open), mountDoubled(open)], [[], []])
  const unseen = knownPools([poolOf()])
  t.strictSame([mountHidden(unseen), mountDoubled(unseen)], [[], []])
})

const masked = { isUsualMountMasked: true }
const default2M = { isDefault: true }
const elsewhere = shownMount('/mnt/huge', 2n * M)

t.test('the mount of systemd that is masked', async (t) => {
  const faultOf = (level: string) => [
    {
      level,
      what: 'dev-hugepages.mount is masked, so that nothing is mounted on /dev/hugepages',
      hints: ["'systemctl unmask dev-hugepages.mount' has it mounted again at the next start"],
    },
  ]
  const missed = (pool: Partial<Pool>, ...mounts: readonly ShownMount[]) =>
    devHugepagesMasked(known([{ size: G }, pool], mounts, masked))
  t.strictSame(missed(default2M), faultOf('warning'))
  t.strictSame(missed({ ...default2M, total: 1n }), faultOf('warning'))
  t.strictSame(missed(default2M, shownMount('/mnt/1G', G)), faultOf('warning'))
  t.strictSame(missed(default2M, { ...elsewhere, hidden: true }), faultOf('warning'))
  t.strictSame(missed(default2M, { ...usual, hidden: true }), faultOf('warning'))
  t.strictSame(missed(default2M, elsewhere), faultOf('note'))
  t.strictSame(missed({ ...default2M, ...none }), faultOf('note'))
  t.strictSame(missed({}), faultOf('note'), 'no size is the default')
  t.strictSame(missed(default2M, usual), [])
  t.strictSame(devHugepagesMasked(known([default2M], [])), [], 'it is not masked')
  t.strictSame(devHugepagesMasked(knownPools([poolOf(default2M)], masked)), [], 'no mount is seen')
})

const noMountOf = (size: string, pages: string) => ({
  level: 'note',
  what: `there ${pages} of ${size}, and no hugetlbfs of that size for the programs that want files`,
  hints: [`'hugepool mount /dev/hugepages-${size} --pagesize ${size} --mkdir' mounts one`],
})

t.test('pages without a mount of their size', async (t) => {
  const pools = [{}, { size: G, total: 1n }, { ...none, size: 16n * G }]
  t.strictSame(pagesWithoutMount(known(pools, [])), [
    noMountOf('2M', 'are 100 pages'),
    noMountOf('1G', 'is 1 page'),
  ])
  t.strictSame(pagesWithoutMount(known(pools, [elsewhere])), [noMountOf('1G', 'is 1 page')])
  t.strictSame(pagesWithoutMount(known([{}], [{ ...elsewhere, hidden: true }])), [
    noMountOf('2M', 'are 100 pages'),
  ])
  t.strictSame(pagesWithoutMount(knownPools(pools.map(poolOf))), [])
})

t.test('pages whose mount is masked are told once', async (t) => {
  const pools = [default2M, { size: G, isDefault: false }, { size: 64n * M }]
  const others = [noMountOf('1G', 'are 100 pages'), noMountOf('64M', 'are 100 pages')]
  const first = noMountOf('2M', 'are 100 pages')
  t.strictSame(pagesWithoutMount(known(pools, [], masked)), others)
  t.strictSame(pagesWithoutMount(known(pools, [])), [first, ...others])
  const other = [shownMount('/dev/hugepages', G)]
  t.strictSame(pagesWithoutMount(known(pools, other, masked)), [first, others[1]])
})

t.test('a mount of whose size there are no pages', async (t) => {
  const large = shownMount('/mnt/1G', G)
  const ofPool = (pool: Partial<Pool>, ...mounts: readonly ShownMount[]) =>
    mountWithoutPages(known([{}, { size: G, ...pool }], mounts))
  t.strictSame(ofPool(none, usual, large, { ...large, target: '/mnt/hidden', hidden: true }), [
    {
      level: 'note',
      what: 'the hugetlbfs on /mnt/1G has pages of 1G, of which there are none',
      hints: ["'hugepool resize 1G=COUNT' makes some"],
    },
  ])
  const others = ['/a', '/b', '/c'].map((target) => shownMount(target, G))
  const faultOf = (mounts: string) => [
    {
      level: 'note',
      what: `the hugetlbfs on ${mounts} have pages of 1G, of which there are none`,
      hints: ["'hugepool resize 1G=COUNT' makes some"],
    },
  ]
  t.strictSame(ofPool(none, large, ...others.slice(0, 1)), faultOf('/mnt/1G, /a'))
  t.strictSame(ofPool(none, large, ...others), faultOf('/mnt/1G, /a, /b and 1 more'))
  t.strictSame(ofPool({ total: 1n }, large), [])
  t.strictSame(ofPool({ ...none, overcommit: 0n }, large).length, 1)
  t.strictSame(ofPool({ ...none, overcommit: 1n }, large), [])
  t.strictSame(ofPool(none, shownMount('/dev/hugepages', G)), [])
  const { pageSize, ...unclear } = large
  t.strictSame(ofPool(none, { ...unclear, unclear: ['pagesize=?'] }), [], `${pageSize} is unseen`)
})

t.test('a default size of which there are no pages', async (t) => {
  const large = { size: G }
  const larger = { size: 16n * G, total: 1n }
  const mounts = [shownMount('/mnt/1G', G), shownMount('/mnt/16G', 16n * G)]
  const faultOf = (sizes: string, first: string) => [
    {
      level: 'warning',
      what: `the default page size is 2M, of which there are no pages, and the mounts have ${sizes}: a program that names no size gets none`,
      hints: [`'hugepool boot --default ${first}' writes the words for the kernel command line`],
    },
  ]
  const empty = { ...default2M, ...none }
  t.strictSame(defaultSize(known([empty, large, larger], mounts)), faultOf('1G, 16G', '1G'))
  t.strictSame(
    defaultSize(known([empty, { ...large, ...none }, larger], mounts)),
    faultOf('16G', '16G'),
  )
  t.strictSame(defaultSize(known([empty, large, larger], mounts.slice(1))), faultOf('16G', '16G'))
  t.strictSame(defaultSize(known([empty, large], [])), [])
  t.strictSame(defaultSize(known([{ ...empty, overcommit: 1n }, large], mounts)), [])
  t.strictSame(defaultSize(known([{ ...empty, free: -1n }, large], mounts)), [], 'one is in use')
  t.strictSame(defaultSize(known([{ ...none, isDefault: false }, large], mounts)), [])
})

t.test('a default size that no mount has, of which there are few pages', async (t) => {
  const large = { size: G, total: 2n }
  const mounts = [shownMount('/mnt/1G', G)]
  const found = (total: bigint, on: readonly ShownMount[] = mounts) =>
    defaultSize(known([{ ...default2M, total, free: total }, large], on)).map(({ level, what }) => [
      level,
      what,
    ])
  const faultOf = (there: string) => [
    [
      'note',
      `the default page size is 2M, of which there ${there} and no mount, and the mounts have 1G: a program that names no size gets no others`,
    ],
  ]
  t.strictSame(found(1n), faultOf('is 1 page'))
  t.strictSame(found(1023n), faultOf('are 1023 pages'))
  t.strictSame(found(1024n), [], 'as much memory as the others')
  t.strictSame(found(1n, [...mounts, shownMount('/dev/hugepages', 2n * M)]), [])
})
