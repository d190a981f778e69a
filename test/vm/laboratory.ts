import { appendFileSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import t from 'tap'
import { excused } from '../live/support/needs.ts'
import { runGuest } from './guest.ts'
import { failuresOf, readPlan } from './plan.ts'
import { memoryOf } from './qemu.ts'
import { failures, neverRan } from './report.ts'
import { turns } from './turns.ts'

const { directory, boots, whole } = readPlan()

const available = /^MemAvailable: *(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]
const { enter, leave } = turns(availableParallelism(), Number(available) * 1024)

/** Guests start in turn, whether or not their results are read already. */
const guests = boots.map(async (boot, index) => {
  const memory = memoryOf(boot.machine)
  await enter(memory)
  const guest = runGuest(boot, `${directory}/console-${index}`)
  guest.text.finally(() => leave(memory))
  return { boot, guest }
})

for (const starting of guests) {
  const { boot, guest } = await starting
  const name = `${boot.machine.name}, Linux ${boot.version} (${boot.series})`
  await t.stdin(name, { tapStream: guest.tap, timeout: 0 })
  appendFileSync(failuresOf(directory), failures(name, await guest.text))
}

if (whole)
  t.test('every live test ran on some machine', async (t) => {
    const taps = await Promise.all(guests.map(async (starting) => (await starting).guest.text))
    t.strictSame(neverRan(taps, excused), [])
  })
