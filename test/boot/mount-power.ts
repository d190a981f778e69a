import t from 'tap'
import { logChanges, strictTable, torn } from './support/power.ts'

t.setTimeout(600_000)

const path = '/etc/fstab'
const rounds = 10

t.test('a power failure leaves /etc/fstab as it was, or as it is to be', async (t) => {
  const logged = await logChanges(t, {
    path,
    script: `hugepool resize 2M=8
      for round in $(seq ${rounds}); do
        hugepool mount /mnt/$round --mkdir --size 4M --persist fstab
        changed
      done`,
  })
  const texts = logged.marks.map(({ text }) => text)
  t.equal(texts[0], strictTable)
  t.strictSame(
    texts.map((text) => text.match(/ hugetlbfs /g)?.length ?? 0),
    Array.from({ length: rounds + 1 }, (_, round) => round),
    'each has one line more',
  )
  t.strictSame(torn(t, logged, path, 40), [])
})
