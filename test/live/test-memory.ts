import { writeFileSync } from 'node:fs'
import { doctorSchema } from '../../src/output/schemas/doctor-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { testAltered } from './support/altered.ts'
import { differing, doctor, failing } from './support/answers.ts'
import { kernelHas } from './support/kernels.ts'
import { atEnd, liveOn } from './support/live.ts'
import { countsOf } from './support/machine.ts'

const live = liveOn('the machine memory-cgroup')

const page = 2 ** 30
const whole = { total: 1, free: 1, reserved: 0, surplus: 0 }
const limit =
  /the cgroup \/limited allows 512M \(memory\.max\) and has .*, and huge pages count in it/

const enter = (): void => {
  writeFileSync('/sys/fs/cgroup/limited/cgroup.procs', '0')
  atEnd(() => writeFileSync('/sys/fs/cgroup/cgroup.procs', '0'))
}

const isSigbus = kernelHas('sigbusAtMemoryLimit')

live('test: MADV_POPULATE_WRITE at the limit of memory is told so', async (t) => {
  enter()
  const { status, document } = await testAltered({ canPopulate: true }, '1G=1')
  t.equal(status, 1)
  t.match(document.failure, { page: 0n, errno: isSigbus ? /^SIGBUS$/ : /^ENOMEM$/, why: limit })
  t.equal(document.steps.at(-1)?.what, 'all pages and reservations came back')
  t.strictSame(countsOf(page), whole)
})

live('doctor says so before, and the test after it agrees', async (t) => {
  enter()
  const result = await doctor('1G=1')
  t.strictSame(differing('1G=1', result), [])
  const document = doctorSchema.parse(parseExact(result.out))
  t.equal(`${document.answer} ${failing(document)}`, 'no cgroup-memory')
  t.strictSame(countsOf(page), whole)
})

live('test: a store at the limit of memory that never completes is given up', async (t) => {
  enter()
  // Where it completes with a signal, a page that is slow to come must not be taken for stuck.
  const altered = { canPopulate: false, stuckSeconds: isSigbus ? 60 : 2 }
  const { status, document } = await testAltered(altered, '1G=1')
  t.equal(status, 1)
  t.match(document.failure, { page: 0n, errno: isSigbus ? /^SIGBUS$/ : /^STUCK$/, why: limit })
  t.equal(document.steps.at(-1)?.what, 'all pages and reservations came back')
  t.strictSame(countsOf(page), whole)
})
