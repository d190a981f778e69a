/**
 * How pool counters move, measured on Linux 6.18: the rules that `counters.c` of libhugetlbfs
 * models and probes beyond it. Data for a fake kernel and for real ones.
 */

/** Total, free, reserved, surplus: in pages. */
export type Cells = readonly [total: number, free: number, reserved: number, surplus: number]

export type Action =
  | { readonly do: 'persistent' | 'overcommit'; readonly pages: number }
  | {
      readonly do: 'map'
      readonly name: string
      readonly pages: number
      readonly shared?: boolean
      readonly noreserve?: boolean
      readonly populate?: boolean
    }
  | { readonly do: 'touch'; readonly name: string; readonly pages: number }
  | { readonly do: 'unmap'; readonly name: string }

export type Refusal = 'ENOMEM' | 'SIGBUS' | 'EINVAL'

export type Step = Action & { readonly becomes?: Cells; readonly refused?: Refusal }

/** Starts with an empty pool and ends with one that nobody uses. */
export interface Sequence {
  readonly name: string
  readonly gigantic?: boolean
  /** Of a kernel whose gigantic pools take overcommit, or of one where they do not, before 6.19. */
  readonly giganticOvercommit?: boolean
  readonly steps: readonly Step[]
}

/** What a sequence is replayed on. `act` throws an error whose code names the refusal. */
export interface Subject {
  act(action: Action): void | Promise<void>
  /** May wait until they are what they should become. */
  counters(wanted: Cells): Cells | Promise<Cells>
}

const name = 'mapping'
const set = (pages: number): Action => ({ do: 'persistent', pages })
const map = (pages: number, shared: boolean): Action => ({ do: 'map', name, pages, shared })
const touch = (pages: number): Action => ({ do: 'touch', name, pages })
const unmap: Action = { do: 'unmap', name }

/** Cells as digits T F R S, by column C0-C3, U0-U3, T0-T3; set(n) writes the greater of base, n. */
const rows: readonly (readonly [Action, string])[] = [
  [set(0), '0000 1100 2200 3300 1111 1110 2210 3310 1001 1000 2100 3200'],
  [map(1, true), '1111 1110 2210 3310 2222 2221 2220 3320 2112 2111 2110 3210'],
  [unmap, '0000 1100 2200 3300 1111 1110 2210 3310 1001 1000 2100 3200'],
  [map(1, false), '1111 1110 2210 3310 2222 2221 2220 3320 2112 2111 2110 3210'],
  [unmap, '0000 1100 2200 3300 1111 1110 2210 3310 1001 1000 2100 3200'],
  [map(1, true), '1111 1110 2210 3310 2222 2221 2220 3320 2112 2111 2110 3210'],
  [touch(1), '1001 1000 2100 3200 2112 2111 2110 3210 2002 2001 2000 3100'],
  [unmap, '0000 1100 2200 3300 1111 1110 2210 3310 1001 1000 2100 3200'],
  [map(1, false), '1111 1110 2210 3310 2222 2221 2220 3320 2112 2111 2110 3210'],
  [touch(1), '1001 1000 2100 3200 2112 2111 2110 3210 2002 2001 2000 3100'],
  [unmap, '0000 1100 2200 3300 1111 1110 2210 3310 1001 1000 2100 3200'],
  [map(2, true), '2222 2221 2220 3320 3333 3332 3331 3330 3223 3222 3221 3220'],
  [set(1), '2221 2221 2220 3320 3332 3332 3331 3330 3222 3222 3221 3220'],
  [set(3), '3320 3320 3320 3320 3330 3330 3330 3330 3220 3220 3220 3220'],
  [set(2), '2220 2220 2220 3320 3331 3331 3331 3330 3221 3221 3221 3220'],
  [set(0), '2222 2221 2220 3320 3333 3332 3331 3330 3223 3222 3221 3220'],
  [unmap, '0000 1100 2200 3300 1111 1110 2210 3310 1001 1000 2100 3200'],
]

/** What is mapped before the first row: nothing, an untouched page or a touched one. */
const befores = ['clean', 'untouched', 'touched'] as const

const digits = (word: string): Cells => {
  const [total = 0, free = 0, reserved = 0, surplus = 0] = [...word].map(Number)
  return [total, free, reserved, surplus]
}

const atLeast = (base: number, action: Action): Action =>
  action.do === 'persistent' ? set(Math.max(base, action.pages)) : action

const column = (before: (typeof befores)[number], base: number, shared: boolean): Sequence => {
  const extra = 'before'
  const at = befores.indexOf(before) * 4 + base
  const mapped: readonly Step[] = [{ do: 'map', name: extra, pages: 1, shared }]
  const touched: readonly Step[] = [{ do: 'touch', name: extra, pages: 1 }]
  const unmapped: readonly Step[] = [{ do: 'unmap', name: extra, becomes: [base, base, 0, 0] }]
  return {
    name: `${before === 'clean' ? '' : shared ? 'shared ' : 'private '}${before}, base ${base}`,
    steps: [
      { do: 'overcommit', pages: 10 },
      { do: 'persistent', pages: base, becomes: [base, base, 0, 0] },
      ...(before === 'clean' ? [] : mapped),
      ...(before === 'touched' ? touched : []),
      ...rows.map(
        ([action, cells]): Step => ({
          ...atLeast(base, action),
          becomes: digits(cells.split(' ')[at] ?? ''),
        }),
      ),
      ...(before === 'clean' ? [] : unmapped),
    ],
  }
}

/** 12 columns of 17 rows; those with a mapping beforehand once shared and once private. */
export const readySequences: readonly Sequence[] = befores.flatMap((before) =>
  [0, 1, 2, 3].flatMap((base) =>
    (before === 'clean' ? [true] : [true, false]).map((shared) => column(before, base, shared)),
  ),
)

/** What the kernel answered, of the complaint of hugepool. */
export const refusalOf = (complaint: string): Error =>
  Object.assign(new Error(complaint), { code: /\((E[A-Z]+)\)/.exec(complaint)?.[1] })

const refusal = async (subject: Subject, action: Action): Promise<string | undefined> => {
  try {
    await subject.act(action)
    return undefined
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String(error)
  }
}

/** Replays a sequence; `compare` gets each step's counters, and each refusal in words. */
export const replay = async (
  { steps }: Sequence,
  subject: Subject,
  compare: (found: unknown, wanted: unknown, label: string) => void,
): Promise<void> => {
  for (const [at, { becomes, refused, ...action }] of steps.entries()) {
    const label = `${at + 1} ${Object.values(action).join(' ')}`
    const found = await refusal(subject, action)
    compare(found, refused, `${label}: refused`)
    if (becomes !== undefined) compare(await subject.counters(becomes), becomes, label)
  }
}
