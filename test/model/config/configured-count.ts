import t from 'tap'
import {
  parseCertainCount,
  parseConfiguredPages,
} from '../../../src/model/config/configured-count.ts'
import type { Count } from '../../../src/model/words/count.ts'
import { G } from '../../helpers/sizes.ts'

const pages = (count: bigint): Count => ({ kind: 'pages', sign: '', pages: count })
const memory = (bytes: bigint): Count => ({ kind: 'memory', sign: '', bytes })

t.test('pages of a pool', async (t) => {
  t.strictSame(parseConfiguredPages('512'), { counts: pages(512n), atLeast: false })
  t.strictSame(parseConfiguredPages('8G'), { counts: memory(8n * G), atLeast: false })
  t.strictSame(parseConfiguredPages('>=8G'), { counts: memory(8n * G), atLeast: true })
  t.strictSame(parseConfiguredPages('>=0'), { counts: pages(0n), atLeast: true })
  const counts = [
    { node: 0, count: pages(512n) },
    { node: 3, count: memory(G) },
  ]
  t.strictSame(parseConfiguredPages('0:512,3:1G'), { counts, atLeast: false })
  t.strictSame(parseConfiguredPages('>=0:512,3:1G'), { counts, atLeast: true })
})

t.test('what is not certain is refused, with the reason', async (t) => {
  const reasons: Readonly<Record<string, RegExp>> = {
    '25%': /alone: a share of the memory/,
    max: /alone: as many as there is room for/,
    '+1': /alone: a relative count/,
    '-1G': /alone: a relative count/,
    '>=25%': /alone: a share/,
    '0:1,1:max': /alone: as many/,
    '0:-1': /alone: a relative/,
    '>1': /is not a count$/,
    '>=>=1': /is not a count$/,
    '=1': /is not a count$/,
    '0:1:2': /is not a count$/,
    ',': /is not a count$/,
    '0:1,': /names no node$/,
  }
  const hint = 'pages are written as 512, "8G", "0:512,1:256" or ">=512"'
  for (const [text, message] of Object.entries(reasons))
    t.throws(() => parseConfiguredPages(text), { code: 'E_USAGE', message, hint }, text)
})

t.test('counts without nodes', async (t) => {
  t.strictSame(parseCertainCount('512'), pages(512n))
  t.strictSame(parseCertainCount('1G'), memory(G))
  for (const text of ['', '0:1', '>=1', '+1', '5%', 'max'])
    t.throws(() => parseCertainCount(text), {
      code: 'E_USAGE',
      hint: 'a count is written as 512 or "8G"',
    })
})
