import { text } from 'node:stream/consumers'
import t from 'tap'
import { runGuest } from './guest.ts'
import { readPlan } from './plan.ts'

/** A laboratory that cannot fail shows nothing: guests that panic, hang, or are not what they are to be. */
const { directory, boots } = readPlan()

// Nothing else runs meanwhile, and one of them does nothing but wait.
t.jobs = 2

/** The report of a guest that has so many seconds and a first process that runs no tests. */
const reportOf = async (name: string, limit: number, ...append: readonly string[]) => {
  const [boot] = boots
  if (boot === undefined) throw new Error('the plan boots nothing')
  const machine = { ...boot.machine, nodes: ['1G'], limit }
  return text(runGuest({ ...boot, machine, append }, `${directory}/console-${name}`).tap)
}

t.test(
  'a guest that panics is a failure that shows the end of its console',
  { buffered: true },
  async (t) => {
    const report = await reportOf('panic', 60, 'rdinit=/missing')
    t.match(report, /^not ok - the guest ended without its results/m)
    t.match(report, /^ {4}.*Kernel panic - not syncing/m)
  },
)

t.test(
  'a guest that hangs is a failure that shows the end of its console',
  { buffered: true },
  async (t) => {
    const report = await reportOf('hang', 20, 'loglevel=7', 'rdinit=/bin/cat')
    t.match(report, /^not ok - the guest hangs: has not ended after 20 seconds/m)
    t.match(report, /^ {4}.*Run \/bin\/cat as init process/m)
  },
)

t.test(
  'a guest whose first process ends without results is a failure',
  { buffered: true },
  async (t) => {
    const report = await reportOf('lost', 60, 'rdinit=/bin/true')
    t.match(report, /^not ok - the guest ended without its results/m)
    t.match(report, /^ {4}.*Attempted to kill init/m)
  },
)

t.test(
  'a guest that could not be made what it is meant to be runs no test',
  { buffered: true },
  async (t) => {
    // What prepares this machine needs a second node.
    const report = await reportOf('unprepared', 60, 'HUGEPOOL_MACHINE=read-only-sys')
    t.match(report, /^not ok - the guest could not be prepared: its script ended with \d+/m)
    t.match(report, /^ {4}.*nr_hugepages/m)
    t.notMatch(report, /^ok /m)
  },
)
