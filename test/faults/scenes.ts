/** Where a scene begins, and the command that is tried there. */
export interface Scene {
  readonly name: string
  readonly words: readonly string[]
  /** Values of files below /sys/kernel/mm/hugepages; those that are not named are 0. */
  readonly pools?: Readonly<Record<string, string>>
  /** Files that are there, by their paths; a directory ends with a slash. */
  readonly files?: Readonly<Record<string, string>>
  /** Programs that are run before, such as mount(8). */
  readonly lines?: readonly (readonly string[])[]
  /** Whether the command has no document. */
  readonly noJson?: true
  /** Whether it asks for something that can be done once only: it begins anew the second time. */
  readonly once?: true
}

const small = 'hugepages-2048kB/nr_hugepages'
const smallOver = 'hugepages-2048kB/nr_overcommit_hugepages'
const large = 'hugepages-1048576kB/nr_hugepages'
const place = '/mnt/huge'
const places = { [`${place}/`]: '' }
const hugetlbfs = ['mount', '-t', 'hugetlbfs', '-o', 'pagesize=2M', 'faults', place]

const poolScenes: readonly Scene[] = [
  { name: 'resize-grow', words: ['resize', '2M=8'] },
  { name: 'resize-shrink', words: ['resize', '2M=2'], pools: { [small]: '8' } },
  { name: 'resize-node', words: ['resize', '2M=0:8'] },
  { name: 'resize-two', words: ['resize', '2M=8', '1G=0'], pools: { [large]: '1' } },
  { name: 'resize-all', words: ['resize', '2M=8', '--all-or-nothing'] },
  { name: 'resize-compact', words: ['resize', '2M=8', '--compact'] },
  { name: 'resize-policy', words: ['resize', '2M=8', '--mempolicy', 'bind:0'] },
  { name: 'overcommit', words: ['overcommit', '2M=8'] },
  { name: 'demote', words: ['demote', '1G=1'], pools: { [large]: '1' }, once: true },
  { name: 'list', words: ['list', '-N'], pools: { [small]: '8', [smallOver]: '3' } },
  { name: 'mounts', words: ['mounts'], files: places, lines: [hugetlbfs] },
]

export const scenes: readonly Scene[] = [...poolScenes]
