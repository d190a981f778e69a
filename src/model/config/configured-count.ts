import { usage } from '../../errors.ts'
import { type Assignment, parseCounts } from '../words/assignment.ts'
import { uncertainty } from '../words/certain-count.ts'
import { type Count, parseCount } from '../words/count.ts'
import { withForms } from './config-words.ts'
import type { ConfiguredPages } from './configuration.ts'

const pagesForms = 'pages are written as 512, "8G", "0:512,1:256" or ">=512"'
const certainForms = 'a count is written as 512 or "8G"'

/**
 * Says why a count of the command line means nothing certain in a file; undefined where it does.
 */
const refusal = (count: Count): string | undefined =>
  'sign' in count && count.sign !== ''
    ? 'a relative count would change the pool at every start'
    : uncertainty(count)

const checkCertain = (text: string, count: Count, forms: string): Count => {
  const why = refusal(count)
  if (why !== undefined) throw usage(`'${text}' is for the command line alone: ${why}`, forms)
  return count
}

const checkedCounts = (text: string, counts: Assignment['counts']): Assignment['counts'] => {
  if (!('kind' in counts)) for (const { count } of counts) checkCertain(text, count, pagesForms)
  else checkCertain(text, counts, pagesForms)
  return counts
}

const leastPrefix = '>='

/**
 * Reads the pages of a pool: `512`, `8G` or `0:512,1:256`, each also behind `>=`. Throws E_USAGE.
 */
export const parseConfiguredPages = (text: string): ConfiguredPages => {
  const atLeast = text.startsWith(leastPrefix)
  const words = atLeast ? text.slice(leastPrefix.length) : text
  const counts = withForms(pagesForms, () => parseCounts(words, text))
  return { counts: checkedCounts(text, counts), atLeast }
}

/** Reads a number of pages or an amount of memory. Throws E_USAGE for what is relative. */
export const parseCertainCount = (text: string): Count =>
  checkCertain(
    text,
    withForms(certainForms, () => parseCount(text)),
    certainForms,
  )
