import t from 'tap'
import { readySequences, replay } from '../../helpers/counters-table.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global1G, global2M, subjectOf } from '../../helpers/on-fake.ts'
import { poolSequences } from '../../helpers/pool-sequences.ts'
import { G, M } from '../../helpers/sizes.ts'

for (const sequence of [...readySequences, ...poolSequences])
  t.test(`counters: ${sequence.name}`, async (t) => {
    const kernel = fakeKernel({ release: sequence.giganticOvercommit ? '6.19' : '6.18' })
    const free = kernel.read('/proc/meminfo')
    const [size, directory] = sequence.gigantic ? [G, global1G] : [2n * M, global2M]
    const subject = subjectOf(kernel, size, (attribute, pages) => {
      const name = attribute === 'persistent' ? 'nr_hugepages' : 'nr_overcommit_hugepages'
      kernel.write(`${directory}/${name}`, `${pages}`)
    })
    await replay(sequence, subject, (found, wanted, label) => t.same(found, wanted, label))
    await subject.act({ do: 'persistent', pages: 0 })
    t.same(subject.counters(), [0, 0, 0, 0])
    t.equal(kernel.read('/proc/meminfo'), free, 'all memory is given back')
  })

t.test('the ready table is whole', async (t) => {
  t.equal(readySequences.length, 20)
  const cells = readySequences.flatMap(({ steps }) => steps.flatMap((step) => step.becomes ?? []))
  t.equal(cells.length, 4 * (4 * 18 + 16 * 19))
})
