import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { planTimer, usualTextfile } from '../../src/model/telemetry/metrics-timer.ts'
import { temporary } from '../helpers/run.ts'

t.test('systemd-analyze(1) finds no fault in the timer of metrics', async (t) => {
  const directory = temporary(t)
  const nothing = { kind: 'nothing' } as const
  const facts = { service: nothing, timer: nothing, link: nothing, runs: false }
  const program = ['/bin/sh', '/bin/sh']
  const unitsOf = (holders: boolean) =>
    planTimer(facts, program, { textfile: usualTextfile, holders }).steps.flatMap((step) => {
      if (step.do !== 'replace') return []
      const file = join(directory, basename(step.path))
      writeFileSync(file, step.after)
      return [file]
    })
  const verify = (...files: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...files],
      { encoding: 'utf8' },
    )
    return { status, stdout, stderr }
  }
  for (const holders of [false, true]) {
    const units = unitsOf(holders)
    t.equal(units.length, 2)
    t.strictSame(verify(...units), { status: 0, stdout: '', stderr: '' })
  }
  const alone = join(temporary(t), 'hugepool-other.timer')
  writeFileSync(alone, '[Timer]\nOnCalendar=often\n')
  t.not(verify(alone).stderr, '', 'which it would')
})
