import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { testAltered } from './support/altered.ts'
import { atEnd, liveOn } from './support/live.ts'
import { countsOf, setPoolAlone, sizeName, smallest } from './support/machine.ts'
import { mountJson, mountPoint, ofSmallest } from './support/mounts.ts'
import { native } from './support/program.ts'

const live = liveOn('room', 'time for what the kernel alone decides')

const name = sizeName(smallest)

/** A file of pages on a hugetlbfs, and what cuts it off. */
const fileOf = async (pages: number) => {
  const target = mountPoint()
  await mountJson(target, ...ofSmallest)
  const file = `${target}/file`
  writeFileSync(file, '')
  truncateSync(file, pages * smallest)
  atEnd(() => rmSync(file))
  return { file, cutTo: (left: number) => truncateSync(file, left * smallest) }
}

live('test: a file that is truncated before its pages are touched', async (t) => {
  setPoolAlone(smallest, 8)
  for (const canPopulate of native().canPopulate() ? [true, false] : [false]) {
    const { file, cutTo } = await fileOf(6)
    const altered = { canPopulate, onceMapped: () => cutTo(2) }
    const words = [`${name}=6`, '--path', file, '--threads', '1']
    const { status, document } = await testAltered(altered, ...words)
    t.equal(status, 64)
    t.match(document.failure, {
      page: 2n,
      errno: /^SIGBUS$/,
      why: new RegExp(`it has been truncated to ${sizeName(2 * smallest)}$`),
    })
    t.equal(document.path, file)
    t.strictSame(countsOf(smallest), { total: 8, free: 6, reserved: 0, surplus: 0 })
    cutTo(0)
  }
})

live('test: a file that is truncated while it is held', async (t) => {
  setPoolAlone(smallest, 8)
  const { file, cutTo } = await fileOf(4)
  const altered = { onceHeld: () => cutTo(1) }
  const words = [`${name}=4`, '--path', file, '--hold', '1s']
  const { status, document } = await testAltered(altered, ...words)
  t.equal(status, 0)
  t.match(
    document.steps.find(({ step }) => step === 'hold')?.what,
    new RegExp(`truncated the file to ${sizeName(smallest)}$`),
  )
})
