import { plural } from '../../words/plural.ts'
import type { MachineFinding } from './finding-table.ts'
import { findingLevels, isAboveNote } from './machine-finding.ts'

/** The sum of all findings: `2 problems, 1 warning`; that nothing is wrong is said plainly. */
export const findingWords = (findings: readonly MachineFinding[]): string => {
  const counts = findingLevels.flatMap((level) => {
    const count = findings.filter((one) => one.level === level).length
    return count === 0 ? [] : [plural(count, level)]
  })
  return [...(findings.some(isAboveNote) ? [] : ['nothing is wrong']), ...counts].join(', ')
}
