import type { Finding } from './judge.ts'
import type { Fault } from './plan.ts'
import type { Tried } from './trial.ts'

const fateOf = ({ fate }: Fault): string =>
  fate.kind === 'errno' ? `${fate.errno}${fate.ever ? '+' : ''}` : fate.kind

const counted = (words: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([word, count]) => `${word} ${count}`)
    .join(', ')
}

/** How many runs there were, of what. */
export const summary = (tried: readonly Tried[], seconds: number): string => {
  const hits = tried.filter(({ hit }) => hit)
  const findings = tried.flatMap((one) => one.findings)
  return [
    `runs: ${tried.length} in ${Math.round(seconds)} s, of which ${tried.length - hits.length} did not make the call this time`,
    `commands: ${counted(tried.map(({ fault }) => fault.scene))}`,
    `calls: ${counted(tried.map(({ fault }) => fault.point.call))}`,
    `fates: ${counted(tried.map(({ fault }) => fateOf(fault)))}`,
    `findings: ${findings.length === 0 ? 'none' : counted(findings.map(({ kind }) => kind))}`,
    '',
  ].join('\n')
}

/** One finding, with the line that shows it again. */
export const findingText = (fault: Fault, { kind, words }: Finding, line: string): string => {
  const { call, path = '' } = fault.point
  const first = words.trim().split('\n').slice(0, 3).join(' | ').slice(0, 300)
  return `${fault.scene}: ${call} ${path} ${fateOf(fault)}: ${kind}: ${first}\n    ${line}\n`
}
