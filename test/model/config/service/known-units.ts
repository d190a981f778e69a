import t from 'tap'
import { areKnown, askedUnits } from '../../../../src/model/config/service/known-units.ts'

const block = (active: string, stale: string, wanted: string): string =>
  `ActiveState=${active}\nNeedDaemonReload=${stale}\nWantedBy=${wanted}\n`

const once = { wanted: 'a.service', by: 'sysinit.target', runs: false, others: [] }
const timer = { wanted: 'a.timer', by: 'timers.target', runs: true, others: ['a.service'] }

t.test('the names that are asked for', async (t) => {
  t.strictSame(askedUnits(once), ['a.service'])
  t.strictSame(askedUnits(timer), ['a.timer', 'a.service'])
})

t.test('a service that does its work once', async (t) => {
  for (const [text, installed, removed] of [
    [block('inactive', 'no', 'sysinit.target'), true, false],
    [block('active', 'no', 'sysinit.target'), true, false],
    [block('failed', 'no', 'sysinit.target'), true, false],
    [block('active', 'yes', 'sysinit.target'), false, false],
    [block('inactive', 'no', ''), false, true],
    [block('inactive', 'no', 'other.service'), false, true],
    [block('inactive', 'no', 'other.service sysinit.target'), true, false],
    [block('active', 'no', ''), false, true],
    [block('failed', 'no', ''), false, false],
    [block('inactive', 'yes', ''), false, false],
  ] as const) {
    t.equal(areKnown(text, once, 'install'), installed, `install ${text}`)
    t.equal(areKnown(text, once, 'remove'), removed, `remove ${text}`)
  }
})

t.test('a timer that runs, and what it starts', async (t) => {
  const idle = block('inactive', 'no', '')
  for (const [first, second, installed, removed] of [
    [block('active', 'no', 'timers.target'), idle, true, false],
    [block('inactive', 'no', 'timers.target'), idle, false, false],
    [block('active', 'no', ''), idle, false, false],
    [idle, idle, false, true],
    [idle, block('failed', 'no', ''), false, false],
    [block('active', 'no', 'timers.target'), block('failed', 'no', ''), true, false],
    [block('active', 'no', 'timers.target'), block('inactive', 'yes', ''), false, false],
    // What another unit is wanted by says nothing of the timer.
    [block('active', 'no', ''), block('inactive', 'no', 'a.target'), false, false],
  ] as const) {
    const text = `${first}\n${second}`
    t.equal(areKnown(text, timer, 'install'), installed, `install ${text}`)
    t.equal(areKnown(text, timer, 'remove'), removed, `remove ${text}`)
  }
})
