import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { exitCodes, exitPartial } from '../src/errors.ts'
import {
  stopPatienceMilliseconds,
  unansweredMilliseconds,
} from '../src/kernel/mapping/sharing/process-mapping.ts'
import { stuckSeconds } from '../src/model/mapping/touch-steps.ts'
import { mostLines } from '../src/model/mounts/holder-lines.ts'
import { defaultMargin, leastMargin, marginPercent } from '../src/model/pools/margin.ts'
import { formatBytes } from '../src/model/words/bytes.ts'
import { silentWaitMilliseconds } from '../src/operations/look-until.ts'
import { silentMilliseconds } from '../src/output/progress.ts'

// Numbers of the program that README and manual repeat: who changes one changes the other.

const top = join(import.meta.dirname, '..')

/** Macros, line ends and widths do not matter. */
const proseOf = (path: string): string =>
  readFileSync(join(top, path), 'utf8')
    .replaceAll(/^\.(?:Ql|Cm|Pa|Fl|Li|Sy) /gm, '')
    .replaceAll(/\s+/g, ' ')

const manual = (name: string): string => proseOf(`man/${name}.8`)
const readme = proseOf('README.md')

const words: Readonly<Record<number, string>> = { 1: 'one', 10: 'ten' }

const seconds = (milliseconds: number): string => {
  const number = milliseconds / 1000
  return `${words[number] ?? number} second${number === 1 ? '' : 's'}`
}

t.test('the default margin', async (t) => {
  const share = `${marginPercent}% of the memory`
  t.match(manual('hugepool-resize'), `the larger of ${formatBytes(leastMargin)} and ${share}`)
  t.match(readme, `the larger of ${leastMargin / 1024n ** 2n} MiB and ${share}`)
  t.equal(defaultMargin(10_000n * leastMargin), 100n * marginPercent * leastMargin)
})

t.test('what may go of the margin while memory wavers', async (t) => {
  t.match(manual('hugepool-resize'), 'less than three quarters of the margin remain')
})

t.test('how long is waited', async (t) => {
  const lock = `waits, and says so after ${seconds(silentWaitMilliseconds)}`
  for (const name of ['demote', 'overcommit', 'resize'])
    t.match(manual(`hugepool-${name}`), lock, name)
  t.equal(silentWaitMilliseconds, 1000)
  for (const name of ['mount', 'umount'])
    t.match(manual(`hugepool-${name}`), 'It is waited for; after a second that is said.', name)
  t.match(manual('hugepool-resize'), `shows progress after ${seconds(silentMilliseconds)}`)
  const test = manual('hugepool-test')
  t.match(test, `does not come for ${stuckSeconds} seconds is given up`)
  t.match(test, `says nothing for ${seconds(unansweredMilliseconds)} is killed`)
  t.match(
    test,
    `does not answer within ${seconds(stopPatienceMilliseconds)}, because it is stopped`,
  )
})

t.test('how many processes are named', async (t) => {
  t.match(manual('hugepool-umount'), `at most ${words[mostLines]} of them`)
})

t.test('the exit statuses of README are those of the program', async (t) => {
  const [, list = ''] = /Exit status: (.*?)\. Manual pages/.exec(readme) ?? []
  const told = list.split('; ').map((one) => Number.parseInt(one, 10))
  const real = new Set([0, ...Object.values(exitCodes), exitPartial])
  t.strictSame(
    told,
    [...real].sort((a, b) => a - b),
  )
  t.match(readme, `ends with exit status ${exitPartial} when something is short`)
  t.match(readme, `partial (${exitPartial}) too`)
})

t.test('the Node that is needed', async (t) => {
  const { engines } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
  const version = /^>=(.+)$/.exec(engines.node)?.[1]
  t.match(readme, `Linux, Node ${version} or later`)
  t.match(manual('hugepool'), `Linux and Node.js ${version} or later`)
})

t.test('no page has a version of its own', async (t) => {
  for (const name of readdirSync(join(top, 'man')))
    t.notMatch(proseOf(`man/${name}`), /(?<![\d.])\d\.\d\.\d(?![\d.])/)
})
