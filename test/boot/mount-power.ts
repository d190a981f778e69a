import t from 'tap'
import { logChanges, torn } from './support/power.ts'

t.setTimeout(600_000)

t.test('a power failure leaves /etc/fstab as it was, or as it is to be', async (t) => {
  const path = '/etc/fstab'
  const logged = await logChanges(t, {
    path,
    script: `hugepool resize 2M=8
      for round in 1 2 3 4 5 6; do
        hugepool mount /mnt/huge --mkdir --size 4M --persist fstab
        changed
        hugepool umount /mnt/huge --persist
        changed
      done`,
  })
  const [before, during] = logged.marks.map(({ text }) => text)
  t.not(before, during, 'the line is there between')
  t.strictSame(
    logged.marks.map(({ text }) => text),
    [before, ...Array.from({ length: 6 }, () => [during, before]).flat()],
  )
  t.strictSame(torn(t, logged, path, 40), [])
})
