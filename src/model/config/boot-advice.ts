import { objectionOf } from '../../errors.ts'
import { generateLine } from '../boot/generate-line.ts'
import type { LineRequest, LineTarget } from '../boot/line-request.ts'
import { type ConfigItem, refusalKeys } from './config-item.ts'

/** What is said of an item that the line does not bring: all but its name and its values. */
export type BootAdvice = Omit<ConfigItem, 'attribute' | 'key' | 'wanted' | 'found'>

const wholeLine = "'hugepool boot --from-config' writes the whole line"

const adviceOn = (words: readonly string[]): string =>
  words.length === 0
    ? `a kernel command line without words for it makes it so: ${wholeLine}`
    : `'${words.join(' ')}' on the kernel command line makes it so: ${wholeLine}`

/**
 * Says what has to stand on the line. What this kernel or machine cannot have at all is short or
 * missing, but no failure: no call and no start can bring it. What it can have, and what is refused
 * for another reason, such as memory that has to remain, waits for another line.
 */
export const bootAdvice = (
  target: LineTarget,
  request: LineRequest,
  essential: boolean,
): BootAdvice => {
  let words: readonly string[] = []
  const [error] = objectionOf(() => {
    words = generateLine(target, request).words
  })
  if (error === undefined) return { state: 'next-boot', why: adviceOn(words), essential }
  if (error.code === 'E_UNSUPPORTED')
    return { ...refusalKeys(error), essential: false, lacks: true }
  return { state: 'next-boot', why: error.message, essential }
}
