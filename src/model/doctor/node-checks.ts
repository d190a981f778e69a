import { growthHint } from '../mapping/growth-hint.ts'
import { boundNodes, boundWords, type FaultFacts, freeOn } from '../mapping/reasons/fault-facts.ts'
import { nodeObstacles } from '../mapping/reasons/obstacles.ts'
import { formatNodes, namedNodes } from '../words/node-list.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import { countedPages, type Finding } from './check-finding.ts'
import type { DoctorFacts } from './doctor-facts.ts'
import { missingPages } from './missing-pages.ts'
import { forecastReservations } from './reservation-forecast.ts'

const preferredNode = ({ policy }: FaultFacts) =>
  policy?.mode === 'preferred' ? policy.nodes : undefined

/** Pages that a node lacks come from others, unless the mapping is bound to it. */
const lookAtPreferred = ({ plan, pages }: DoctorFacts): Finding | undefined => {
  const nodes = preferredNode(pages)
  if (nodes === undefined) return undefined
  const free = freeOn(pages.pool, nodes)
  const counts = { has: countedPages(free), needs: countedPages(plan.pages) }
  if (free >= plan.pages) return { result: 'ok', ...counts }
  return {
    result: 'warn',
    ...counts,
    why: `${plural(plan.pages - free, 'page comes', 'pages come')} from other nodes than ${namedNodes(nodes)}`,
    hints: [growthHint(pages.pool, plan.pages - free, nodes)],
  }
}

/** Binding confines a mapping to its nodes, as the cpuset does. */
export const lookAtNodes = (facts: DoctorFacts): Finding | undefined => {
  const { plan, pages } = facts
  const bound = plan.parts.some(({ policy }) => policy?.mode === 'bind')
  if (!bound && boundNodes(pages) === undefined) return lookAtPreferred(facts)
  const { lacks } = forecastReservations(pages)
  const [first] = lacks
  const all = plan.parts.flatMap(({ policy }) => policy?.nodes ?? boundNodes(pages) ?? [])
  const has = countedPages(freeOn(pages.pool, [...new Set(all)]))
  const counts = { has, needs: countedPages(plan.pages) }
  if (first === undefined) return { result: 'ok', ...counts }
  const obstacles = nodeObstacles(pages)
  const where = namedNodes(first.nodes)
  return {
    result: 'fail',
    ...counts,
    why:
      obstacles.map(({ why }) => why).join('; ') ||
      `${first.has} free on ${where}, ${boundWords(pages)}: ${first.missing} missing`,
    hints:
      obstacles.length > 0
        ? obstacles.flatMap(({ advice }) => advice)
        : [growthHint(pages.pool, first.missing, first.nodes)],
    answer: `${missingPages(first.missing, plan.pages)} on ${where}`,
  }
}

/** A process inherits the memory policy of what started it, such as numactl(8) or a unit. */
const lookAtHeld = ({ held }: DoctorFacts): Finding | undefined => {
  if (held === undefined) return undefined
  if ('unseen' in held) return { result: 'unknown', why: held.unseen }
  const { words, policy } = held
  return policy?.mode === 'bind'
    ? { result: 'ok', has: words, why: `pages come from ${namedNodes(policy.nodes)} only` }
    : { result: 'ok', has: words }
}

export const lookAtPolicy = (facts: DoctorFacts): Finding | undefined => {
  const { plan, pages } = facts
  const policies = plan.parts.flatMap(({ policy }) => policy ?? [])
  const [first] = policies
  if (first === undefined) return lookAtHeld(facts)
  const nodes = [...new Set(policies.flatMap((policy) => policy.nodes))]
  return present({
    result: 'ok',
    has: pages.memoryNodes && namedNodes(pages.memoryNodes),
    needs: `${first.mode}:${formatNodes(nodes)}`,
  })
}

/** Whether the cpuset leaves out a node that has memory, whatever the policy is. */
const isConfined = ({ policy: _, ...facts }: FaultFacts): boolean => boundNodes(facts) !== undefined

/** set_mempolicy(2) refuses a policy of which the cpuset allows no node. */
export const lookAtCpuset = ({ plan, pages }: DoctorFacts): Finding | undefined => {
  const { allowedNodes } = pages
  const named = [...new Set(plan.parts.flatMap(({ policy }) => policy?.nodes ?? []))]
  if (allowedNodes === undefined)
    return named.length === 0
      ? undefined
      : { result: 'unknown', needs: namedNodes(named), why: 'no Mems_allowed_list is shown' }
  const has = namedNodes(allowedNodes)
  if (named.length === 0) {
    return isConfined(pages)
      ? { result: 'ok', has, why: `pages come from ${has} only` }
      : { result: 'ok', has }
  }
  const counts = { has, needs: namedNodes(named) }
  const left = plan.parts.filter(({ policy }) =>
    policy?.nodes.some((node) => allowedNodes.includes(node)),
  )
  if (left.length < plan.parts.length)
    return {
      result: 'fail',
      ...counts,
      why: `the cpuset allows ${has} only`,
      hints: [`'--node ${formatNodes(allowedNodes)}' names nodes that it allows`],
    }
  const kept = named.filter((node) => allowedNodes.includes(node))
  return kept.length === named.length
    ? { result: 'ok', ...counts }
    : { result: 'warn', ...counts, why: `the cpuset leaves ${namedNodes(kept)} of them` }
}
