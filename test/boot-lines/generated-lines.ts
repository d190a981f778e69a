/** Values of words, right and wrong, of which some are taken from mistakes that people make. */
const wrongSizes = ['3M', '2.5M', '08M', '']
const sizesOf = {
  x86_64: ['2M', '2M', '1G', '1G', '2097152', '2048kB', '0x200000', '2MiB', '64K', ...wrongSizes],
  arm64: ['64K', '64K', '2M', '2M', '32M', '32M', '1G', '0x10000', '32MiB', '16K', ...wrongSizes],
} as const

/** An architecture as `hugepool boot --arch` takes it. */
export type ArchitectureName = keyof typeof sizesOf

const counts = [
  ...[
    '0',
    '1',
    '2',
    '3',
    '5',
    '7',
    '12',
    '16',
    '33',
    '010',
    '0x10',
    '-1',
    '+4',
    '4M',
    '3,',
    '2,1:3',
    '',
  ],
  ...[
    '0:2',
    '0:2,1:3',
    '1:4',
    '0:1,1:1',
    '0:2,5:1',
    '1:',
    '0:2,0:3',
    '0-1:2',
    '0:2;1:3',
    '0:2x,1:3',
    '0:2,3',
  ],
]
const gigantic = ['1', '2', '0:1', '1:1', '0:1,1:1', '0', '', '1:1,7:1', '-1', '0:1,']
const areas = [
  '1G',
  '2G',
  '1536M',
  '0:1G',
  '0:1G,1:1G',
  '0:1536M,1:512M',
  '0:1G,5:1G',
  '20%',
  '0:50%',
  '0',
  '101%',
  '',
]
const switches = ['on', 'off', '1', '0', 'y', 'n', 'bogus', 'enable', '']

/** Takes one of several. */
export type Take = <T>(values: readonly T[]) => T

const sysctls = [
  'sysctl.vm.nr_hugepages=',
  'sysctl.vm/nr_hugepages=',
  'sysctl.vm.nr_overcommit_hugepages=',
]

const pair = (take: Take, sizes: readonly string[]): readonly string[] => {
  const size = take(sizes)
  return [`hugepagesz=${size}`, `hugepages=${take(size === '1G' ? gigantic : counts)}`]
}

const others: readonly ((take: Take, sizes: readonly string[]) => string)[] = [
  (take) => `hugepages=${take(gigantic)}`,
  (take, sizes) => `hugepagesz=${take(sizes)}`,
  (take, sizes) => `default_hugepagesz=${take(sizes)}`,
  (take, sizes) => `default_hugepagesz=${take(sizes)}`,
  (take) => `default-hugepagesz=${take(['2M', '1G'])}`,
  (take) => `hugepages="${take(gigantic)}"`,
  (take) => `HUGEPAGES=${take(gigantic)}`,
  (take) => `hugetlb_cma=${take(areas)}`,
  (take) => `hugetlb_cma_only${take(['', '=1', '=0', '=x'])}`,
  (take) => `hugetlb_free_vmemmap${take(['', ...switches.map((word) => `=${word}`)])}`,
  (take) => `hugepage_alloc_threads=${take(['1', '2', '4', '0', 'x'])}`,
  (take) => `${take(sysctls)}${take(['0', '4', '0x10', '9'])}`,
  () => '--',
  () => 'hugepages',
]

const chance = (take: Take, of: number): boolean =>
  take(Array.from({ length: of }, (_, at) => at)) === 0

/** Gives a line of a few words of the grammar, most of them pairs, with sizes of an architecture. */
export const generatedLine = (take: Take, architecture: ArchitectureName): string => {
  const sizes = sizesOf[architecture]
  return Array.from({ length: take([1, 2, 2, 3, 3, 4]) }, () =>
    chance(take, 3) ? [take(others)(take, sizes)] : pair(take, sizes),
  )
    .flat()
    .join(' ')
}

const linesOfX86: readonly string[] = [
  'hugepagesz=1G hugepages=0:1,1:1 hugepagesz=2M hugepages=0:16,1:8',
  'default_hugepagesz=1G hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=64',
  'hugepages=7',
  'hugepages=8 default_hugepagesz=2M hugepages=0:2',
  'hugepages=3 hugepagesz=2M hugepages=5',
  'hugepagesz=2M hugepages=0:2,5:1 hugepages=9 hugepagesz=3M hugepages=1',
  'hugepagesz=64K hugepages=1 hugepagesz=2M hugepages=16 hugepagesz=1G hugepages=1',
  'hugepagesz=2M hugepages= 5 HUGEPAGES=5',
  'hugetlb_cma=0:1G,1:1G hugepagesz=1G hugepages=1',
  'hugetlb_cma=2G hugetlb_cma_only=1 hugepagesz=1G hugepages=1',
  'hugetlb_free_vmemmap=bogus hugepage_alloc_threads=2 hugepages=12',
  'hugepages=6 sysctl.vm.nr_hugepages=9',
]

/** Each line is a guest: what all architectures have in common is left to those of x86. */
const linesOfArm64: readonly string[] = [
  'hugepagesz=64K hugepages=0:16,1:8 hugepagesz=2M hugepages=0:4,1:2 hugepagesz=32M hugepages=0:1,1:2 hugepagesz=1G hugepages=0:1,1:1',
  'hugepages=5 default_hugepagesz=32M hugepages=6 hugepagesz=64K hugepagesz=2M hugepages=9 hugepages=7',
  // The one word more than a table of early words holds.
  'hugepagesz=16K hugepages=1 hugepagesz=64K hugepages=24 hugepagesz=2M hugepages=0:4,1:2 hugepagesz=32M hugepages=3 hugepagesz=1G hugepages=1',
  'hugetlb_free_vmemmap=on hugetlb_cma=0:1G,1:1G hugepagesz=1G hugepages=1 hugepagesz=32M hugepages=3',
]

/** Lines that every kernel of the usual run is booted with. */
export const usualLines: Readonly<Record<ArchitectureName, readonly string[]>> = {
  x86_64: linesOfX86,
  arm64: linesOfArm64,
}
