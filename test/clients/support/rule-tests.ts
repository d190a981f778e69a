import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alertRules } from '../../../src/model/telemetry/alert-rules.ts'
import { hugepoolLine, run } from '../../live/support/program.ts'
import { temporaryDirectory } from '../../live/support/trace.ts'

type Labels = Readonly<Record<string, string>>

/** An alert, and for whom it fires so many minutes after the series began. */
export interface RuleCase {
  readonly name: string
  /** Series with a value for every minute, as promtool writes them: `_x4 3+0x9`. */
  readonly series: Readonly<Record<string, string>>
  readonly alert: string
  readonly fires: readonly (readonly [minute: number, ...labels: readonly Labels[]])[]
}

/** A template of Prometheus that names labels only. */
const filled = (template: string, labels: Labels): string =>
  template.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')

const expected = (alert: string, labels: Labels) => {
  const rule = alertRules.find(({ name }) => name === alert)
  if (rule === undefined) throw new Error(`there is no ${alert}`)
  return {
    exp_labels: { severity: 'warning', ...labels },
    exp_annotations: {
      summary: filled(rule.summary, labels),
      description: filled(rule.description, labels),
    },
  }
}

/** Has promtool judge the rules of `--alerts` by series that are made up. */
export const testRules = async (cases: readonly RuleCase[]) => {
  const directory = temporaryDirectory()
  const { out } = await run([...hugepoolLine, 'metrics', '--alerts'])
  writeFileSync(join(directory, 'hugepool.rules.yml'), out)
  const tests = {
    rule_files: ['hugepool.rules.yml'],
    evaluation_interval: '1m',
    tests: cases.map(({ name, series, alert, fires }) => ({
      name,
      interval: '1m',
      input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
      alert_rule_test: fires.map(([minute, ...labels]) => ({
        eval_time: `${minute}m`,
        alertname: alert,
        exp_alerts: labels.map((own) => expected(alert, own)),
      })),
    })),
  }
  const file = join(directory, 'tests.yml')
  // YAML has JSON in it.
  writeFileSync(file, JSON.stringify(tests))
  return run(['promtool', 'test', 'rules', file])
}
