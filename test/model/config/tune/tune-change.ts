import t from 'tap'
import type { SettingValue } from '../../../../src/model/config/tune/setting-value.ts'
import {
  settingChanges,
  settingChangeWords,
  tuneOutcome,
} from '../../../../src/model/config/tune/tune-change.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'
import { present } from '../../../../src/model/words/present.ts'

const setting = parseSettingKey('min-free')
const megabyte = 2n ** 20n
const change = (before: bigint, requested: bigint, value: SettingValue | undefined) =>
  settingChanges([{ setting, before, requested }], (of) => ({ setting: of, ...present({ value }) }))

t.test('before, asked for, and after', async (t) => {
  for (const [before, requested, after, outcome, words] of [
    [1n, 2n, 2n, 'done', []],
    [2n, 2n, 2n, 'unchanged', []],
    [1n, 2n, 1n, 'partial', ['min-free: asked for 2M, got 1M']],
    [2n, 2n, 1n, 'partial', ['min-free: asked for 2M, got 1M']],
    [1n, 2n, undefined, 'partial', ['min-free: asked for 2M, got nothing']],
  ] as const) {
    const value = after === undefined ? undefined : after * megabyte
    const changes = change(before * megabyte, requested * megabyte, value)
    t.strictSame(changes, [
      {
        setting,
        before: before * megabyte,
        requested: requested * megabyte,
        ...present({ after: value }),
        outcome,
      },
    ])
    t.strictSame(changes.flatMap(settingChangeWords), words)
  }
})

t.test('the outcome of all', async (t) => {
  const of = (...outcomes: readonly ('done' | 'unchanged' | 'partial')[]) =>
    tuneOutcome(outcomes.map((outcome) => ({ outcome })))
  t.equal(of(), 'unchanged')
  t.equal(of('unchanged', 'unchanged'), 'unchanged')
  t.equal(of('unchanged', 'done'), 'done')
  t.equal(of('done', 'partial', 'unchanged'), 'partial')
})
