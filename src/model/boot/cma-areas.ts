import { isGigantic } from '../pools/gigantic.ts'
import { type Bytes, roundedUp } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import { sum } from '../words/sum.ts'
import { type BootMachine, type BootNode, nodesWithMemory } from './boot-machine.ts'
import type { CmaAmount, WantedCma } from './cma-word.ts'
import type { LineRules } from './kernel-series.ts'

/** The areas that a kernel reserves, and what it says of them. */
export interface CmaAreas {
  readonly areas: ReadonlyMap<NodeId, Bytes>
  readonly messages: readonly string[]
}

const M = 1024n * 1024n

/**
 * Returns the size of the pages of which areas are made: the largest gigantic one. Undefined where
 * no size is gigantic.
 */
export const areaUnit = (machine: BootMachine): Bytes | undefined =>
  machine.sizes
    .filter((size) => isGigantic(machine, size))
    .reduce<Bytes | undefined>(
      (largest, size) => (largest === undefined || size > largest ? size : largest),
      undefined,
    )

const memoryOf = ({ nodes }: BootMachine): Bytes => sum(nodes.map(({ memory }) => memory))

/** Returns the bytes of an amount. A percentage is rounded down to whole pages. */
const amountOf = (amount: CmaAmount, memory: Bytes, unit: Bytes): Bytes =>
  'bytes' in amount ? amount.bytes : ((memory * amount.percent) / 100n / unit) * unit

const percentText = (amount: CmaAmount): string =>
  'percent' in amount ? ` (${amount.percent}%)` : ''

/** Returns the bytes of the largest area that a node has room for. */
const areaRoom = ({ memory, fits }: BootNode, unit: Bytes): Bytes => {
  const pages = fits?.get(unit)
  return pages === undefined ? memory : pages * unit
}

const isWrong = (bytes: Bytes, unit: Bytes, { cmaMultiples }: LineRules): boolean =>
  cmaMultiples ? bytes % unit > 0n : bytes < unit

const demand = (unit: Bytes, { cmaMultiples }: LineRules): string =>
  cmaMultiples ? `must be a multiple of ${unit / M} MiB` : `should be at least ${unit / M} MiB`

interface CmaDemand {
  readonly nodes: ReadonlyMap<NodeId, Bytes>
  readonly total: Bytes
  readonly messages: readonly string[]
}

/**
 * Leaves out nodes that are not there and areas whose size the kernel refuses, each with a message.
 */
const askedNodes = (
  wanted: WantedCma,
  machine: BootMachine,
  rules: LineRules,
  unit: Bytes,
): CmaDemand => {
  const there = new Map(machine.nodes.map((node) => [node.node, node]))
  const sizes = [...wanted.nodes]
    .sort(([a], [b]) => a - b)
    .map(([node, amount]) => {
      const bytes = amountOf(amount, there.get(node)?.memory ?? 0n, unit)
      return { node, bytes }
    })
    .filter(({ bytes }) => bytes > 0n)
  const faults = sizes.map(({ node, bytes }) =>
    !there.has(node)
      ? `hugetlb_cma: invalid node ${node} specified`
      : isWrong(bytes, unit, rules)
        ? `hugetlb_cma: cma area of node ${node} ${demand(unit, rules)}`
        : undefined,
  )
  const good = sizes.filter((_, at) => faults[at] === undefined)
  const bad = sizes.filter((_, at) => faults[at] !== undefined)
  const lost = sum(bad.map(({ bytes }) => bytes))
  const whole =
    rules.cmaShares && sizes.length > 0
      ? sum(sizes.map(({ bytes }) => bytes))
      : amountOf(wanted.total, memoryOf(machine), unit)
  return {
    nodes: new Map(good.map(({ node, bytes }) => [node, bytes])),
    total: whole - lost,
    messages: faults.filter((fault) => fault !== undefined),
  }
}

interface Reserving {
  readonly wanted: WantedCma
  readonly asked: CmaDemand
  /** The most bytes that a node is asked for, where no node is named. */
  readonly share: Bytes
  readonly unit: Bytes
}

/** Returns the bytes that a node is asked for once others have reserved so many. */
const bytesAsked = ({ asked, share }: Reserving, { node }: BootNode, reserved: Bytes): Bytes => {
  if (asked.nodes.size > 0) return asked.nodes.get(node) ?? 0n
  const left = asked.total - reserved
  return left < share ? left : share
}

const reserveOn = (there: readonly BootNode[], reserving: Reserving): CmaAreas => {
  const { wanted, asked, unit } = reserving
  const areas = new Map<NodeId, Bytes>()
  const messages: string[] = []
  let reserved = 0n
  for (const one of there) {
    const size = roundedUp(bytesAsked(reserving, one, reserved), unit)
    if (size === 0n) continue
    if (size > areaRoom(one, unit)) {
      messages.push(`hugetlb_cma: reservation failed: err -12, node ${one.node}`)
      continue
    }
    areas.set(one.node, size)
    reserved += size
    const percent = percentText(wanted.nodes.get(one.node) ?? { bytes: 0n })
    messages.push(`hugetlb_cma: reserved ${size / M} MiB${percent} on node ${one.node}`)
    if (reserved >= asked.total) break
  }
  return { areas, messages }
}

/** Reserves areas of CMA as hugetlb_cma_reserve does (mm/hugetlb.c, later mm/hugetlb_cma.c). */
export const reserveCma = (wanted: WantedCma, machine: BootMachine, rules: LineRules): CmaAreas => {
  const refused = (...messages: readonly string[]) => ({ areas: new Map(), messages })
  const unit = areaUnit(machine)
  const isAsked = wanted.nodes.size > 0 || amountOf(wanted.total, 1n << 60n, 1n) > 0n
  if (unit === undefined || !isAsked) return refused(...wanted.messages)
  const asked = askedNodes(wanted, machine, rules, unit)
  const messages = [...wanted.messages, ...asked.messages]
  if (asked.total <= 0n) return refused(...messages)
  if (isWrong(asked.total, unit, rules))
    return refused(...messages, `hugetlb_cma: cma area ${demand(unit, rules)}`)
  const there = nodesWithMemory(machine)
  const even = (asked.total + BigInt(there.length) - 1n) / BigInt(there.length)
  const share = rules.cmaWholeShares ? roundedUp(even, unit) : even
  if (asked.nodes.size === 0)
    messages.push(
      `hugetlb_cma: reserve ${asked.total / M} MiB${percentText(wanted.total)}, up to ${share / M} MiB per node`,
    )
  const reserved = reserveOn(there, { wanted, asked, share, unit })
  return { areas: reserved.areas, messages: [...messages, ...reserved.messages] }
}
