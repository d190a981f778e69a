import t from 'tap'
import {
  type ChargedCgroup,
  chargedCgroups,
  chargedHints,
} from '../../../../src/model/processes/who/charged-cgroup.ts'
import type { PageHold } from '../../../../src/model/processes/who/page-hold.ts'
import { processNumber } from '../../../helpers/found-pages.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M
const id = '3f4e5a6b7c8d'.padEnd(64, '0')
const docker = `/system.slice/docker-${id}.scope`

const hold = (pid: number, pages: bigint, rest: Partial<PageHold> = {}): PageHold => ({
  kind: 'mapping',
  size,
  process: processNumber(pid),
  pages,
  files: new Map([[`k${pid}`, pages]]),
  ...rest,
})

t.test('groups with more than their processes, the most lacking first', async (t) => {
  const holds = [
    hold(7, 3n),
    hold(7, 3n),
    hold(8, 2n),
    hold(9, 4n),
    hold(7, 9n, { size: G, files: new Map() }),
    { kind: 'unexplained', size, pages: 5n } as const,
  ]
  const charge = (group: string, pages: bigint) => ({ size, group, bytes: pages * size })
  const groups: Readonly<Record<number, string>> = { 7: '/a', 8: docker, 9: '/even' }
  t.strictSame(
    chargedCgroups(
      [charge('/a', 4n), charge(docker, 7n), charge('/even', 4n), charge('/less', 1n)],
      holds,
      (pid) => groups[pid],
    ),
    [
      { size, group: docker, container: 'docker:3f4e5a6b7c8d', pages: 7n, seen: 2n },
      { size, group: '/a', pages: 4n, seen: 3n },
      { size, group: '/less', pages: 1n, seen: 0n },
    ],
  )
  t.strictSame(
    chargedCgroups([charge('/even', 3n)], holds, () => '/even'),
    [],
    'never below zero',
  )
})

const rest = 'the others may be in files that stay, or among those that nobody explains'

t.test('three are named', async (t) => {
  const one = (group: string, pages: bigint): ChargedCgroup => ({ size, group, pages, seen: 0n })
  t.strictSame(chargedHints([]), [])
  t.strictSame(chargedHints([{ ...one(docker, 3n), container: 'docker:3f4e', seen: 1n }]), [
    `2M: 3 pages are counted against the cgroup ${docker} (docker:3f4e), whose processes are seen to have 1: ${rest}`,
  ])
  const many = ['/a', '/b', '/c', '/d', '/e'].map((group) => one(group, 1n))
  t.strictSame(chargedHints(many.slice(0, 3)).length, 3)
  t.strictSame(chargedHints(many), [
    ...['/a', '/b', '/c'].map(
      (group) =>
        `2M: 1 page is counted against the cgroup ${group}, whose processes are seen to have 0: ${rest}`,
    ),
    "2M: and 2 more cgroups: 'hugepool who --json' has all in .pools[].charged",
  ])
})
