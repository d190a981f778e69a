import t from 'tap'
import { splitKept } from '../../../src/model/boot/command-line.ts'
import { lastNumbers, tellIdleWords } from '../../../src/model/boot/idle-words.ts'
import { ourWords } from '../../../src/model/boot/our-words.ts'

const idle = (line: string) =>
  tellIdleWords(ourWords(splitKept(line))).flatMap(({ word, why }) =>
    why === undefined ? [] : [`${word.text}: ${why}`],
  )

t.test('a size without a number', async (t) => {
  const why = 'no number of pages follows it'
  t.strictSame(idle('hugepagesz=2M quiet hugetlb_cma=1G hugepages=4 default-hugepagesz=1G'), [])
  t.strictSame(idle('hugepagesz=2M default_hugepagesz=1G hugepages=4'), [`hugepagesz=2M: ${why}`])
  t.strictSame(idle('hugepagesz=2M hugepagesz=1G'), [
    `hugepagesz=2M: ${why}`,
    `hugepagesz=1G: ${why}`,
  ])
})

t.test('a node that is named twice', async (t) => {
  t.strictSame(lastNumbers('0:2,1:3,00:4'), { text: '0:4,1:3', isTwice: true })
  t.strictSame(lastNumbers('4'), { text: '', isTwice: false })
  const why = 'a node is named twice: its last number counts, and vm.nr_hugepages shows the sum'
  t.strictSame(idle('hugepages=0:2,1:2 hugepages=0:2,0:3 x=0:2,0:3'), [`hugepages=0:2,0:3: ${why}`])
})

t.test('what is known of a word is not said again', async (t) => {
  const [fate] = ourWords(splitKept('hugepagesz=2M'))
  for (const known of [{ result: 'ignored' }, { why: 'so' }] as const)
    t.strictSame(tellIdleWords(fate === undefined ? [] : [{ ...fate, ...known }]), [
      { ...fate, ...known },
    ])
})
