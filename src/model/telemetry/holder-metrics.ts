import type { HoldKind, PageHold } from '../processes/who/page-hold.ts'
import { pagesOfAll, sumHolds } from '../processes/who/sum-holds.ts'
import type { Pages } from '../words/count.ts'
import type { PageSize } from '../words/page-size.ts'
import { inPagesAndBytes, type MetricFamily, sampleOf, sizeLabel } from './metric-family.ts'
import type { HolderFacts } from './metrics-facts.ts'

/**
 * The ways of holding that have pages. A page that is held in several ways counts in the first of them.
 */
export const heldKinds = [
  'mapping',
  'descriptor',
  'file',
  'segment',
] as const satisfies readonly HoldKind[]

type HeldKind = (typeof heldKinds)[number]

const withoutFiles = (hold: PageHold, counted: ReadonlySet<string>): PageHold =>
  hold.files === undefined
    ? hold
    : { ...hold, files: new Map([...hold.files].filter(([key]) => !counted.has(key))) }

/**
 * The pages of a size by the way in which they are held, each page once: a file that is mapped and open
 * counts as mapped. Every kind is there, also without pages, so that its series does not end.
 */
export const pagesByKind = (
  holds: readonly PageHold[],
  size: PageSize,
): readonly (readonly [kind: HeldKind, pages: Pages])[] => {
  const counted = new Set<string>()
  return heldKinds.map((kind) => {
    const same = holds.filter((hold) => hold.kind === kind && hold.size === size)
    const pages = pagesOfAll(same.map((hold) => withoutFiles(hold, counted))) ?? 0n
    for (const { files = [] } of same) for (const [key] of files) counted.add(key)
    return [kind, pages]
  })
}

const byKind = ({ holds, books }: HolderFacts) =>
  books.flatMap(({ size }) =>
    pagesByKind(holds, size).map(([kind, pages]) => ({
      labels: { ...sizeLabel(size), kind },
      size,
      pages,
    })),
  )

/** What no user holds, such as the minimum size of a mount, has no user id. */
const byUser = ({ holds }: HolderFacts) =>
  sumHolds(holds, 'user').flatMap(({ size, uid, user = '', pages }) =>
    uid === undefined ? [] : [{ labels: { ...sizeLabel(size), uid: `${uid}`, user }, size, pages }],
  )

const unexplained = ({ books }: HolderFacts) =>
  books.map(({ size, unexplained: pages }) => ({ labels: sizeLabel(size), size, pages }))

const fromHolders =
  <T>(rows: (holders: HolderFacts) => readonly T[]) =>
  ({ holders }: { readonly holders?: HolderFacts }): readonly T[] =>
    holders === undefined ? [] : rows(holders)

/**
 * Who holds pages, by kind and by user. Processes come and go, and each would be another series, so
 * that none is named.
 */
export const holderMetrics: readonly MetricFamily[] = [
  ...inPagesAndBytes(
    {
      name: 'hugepool_held',
      help: 'in use by the way in which they are held, each counted once',
      labels: ['pagesize', 'kind'],
    },
    fromHolders(byKind),
  ),
  ...inPagesAndBytes(
    {
      name: 'hugepool_user_held',
      help: 'in use that processes or files of the user hold; those that users share count for each',
      labels: ['pagesize', 'uid', 'user'],
    },
    fromHolders(byUser),
  ),
  ...inPagesAndBytes(
    {
      name: 'hugepool_unexplained',
      help: 'in use that no holder accounts for',
      labels: ['pagesize'],
    },
    fromHolders(unexplained),
  ),
  {
    name: 'hugepool_unseen_processes',
    type: 'gauge',
    help: 'Processes that could not be looked into.',
    labels: [],
    samples: ({ holders }) => sampleOf({}, holders && BigInt(holders.unseen)),
  },
]
