import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { type DoctorAnswer, predictionOf } from './check-finding.ts'
import { answerOf, type DoctorResult, differs } from './doctor-result.ts'

const namesWith = ({ findings }: DoctorResult, wanted: string): string =>
  findings.flatMap(({ check, result }) => (result === wanted ? [check] : [])).join(', ')

const canBeHad = ({ asked }: DoctorResult): string =>
  asked === undefined
    ? 'it can be had'
    : `${plural(asked.pages, 'page')} of ${formatSize(asked.size)} can be had by ${asked.via}${asked.whose}`

const answerReasons: Readonly<Record<DoctorAnswer, (result: DoctorResult) => string>> = {
  yes: canBeHad,
  no: ({ findings, trial }) => {
    const first = findings.find(({ result }) => result === 'fail')
    return first === undefined ? (trial?.why ?? '') : (first.answer ?? first.why ?? first.check)
  },
  unknown: (result) => {
    const names = namesWith(result, 'unknown')
    return names === '' ? (result.trial?.why ?? '') : `could not be looked into: ${names}`
  },
}

/** Says that the checks were wrong, which is a fault to report. */
const contradictionWords = (result: DoctorResult): string =>
  `the checks said ${predictionOf(result.findings)}, and the test says ${answerOf(result)}${
    result.trial?.why ? `: ${result.trial.why}` : ''
  }`

/**
 * Says why no test was made, or what the process has and the test went without, so that it proves less.
 */
const trialWords = ({ trial, untried }: DoctorResult): readonly string[] => {
  if (untried !== undefined) return [`no test was made: ${untried}`]
  if (trial?.without === undefined) return []
  const came = trial.outcome === 'done' ? 'came out well' : 'did not come out well'
  return [
    `the test ${came}, and was made without what the process has: ${trial.without.join(', ')}`,
  ]
}

/** The answer as a sentence: `no: 3 of 4096 pages are missing on node 1`. */
export const answerWords = (result: DoctorResult): readonly string[] => {
  const answer = answerOf(result)
  return [
    `${answer}: ${answerReasons[answer](result)}`,
    ...(differs(result) ? [contradictionWords(result)] : []),
    ...trialWords(result),
  ]
}
