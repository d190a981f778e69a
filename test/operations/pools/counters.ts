import t from 'tap'
import { readySequences, refusalOf, replay } from '../../helpers/counters-table.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { cellsOf, global1G, global2M, onFake, subjectOf } from '../../helpers/on-fake.ts'
import { poolSequences } from '../../helpers/pool-sequences.ts'
import { G, M } from '../../helpers/sizes.ts'

/** The table of counters, its numbers set by hugepool itself. */
for (const sequence of [...readySequences, ...poolSequences])
  t.test(`by hugepool: ${sequence.name}`, async (t) => {
    const kernel = fakeKernel({ release: sequence.giganticOvercommit ? '6.19' : '6.18' })
    const free = kernel.read('/proc/meminfo')
    const [size, word, directory] = sequence.gigantic
      ? [G, '1G', global1G]
      : [2n * M, '2M', global2M]
    const subject = subjectOf(kernel, size, async (attribute, pages) => {
      const command = attribute === 'persistent' ? 'resize' : 'overcommit'
      const { status, stderr } = await onFake(kernel, `${command} ${word}=${pages}`)
      if (status === 4) throw refusalOf(stderr)
      const [, , , surplus] = cellsOf(kernel, directory)
      const allowed = Number(kernel.read(`${directory}/nr_overcommit_hugepages`))
      const kept = attribute === 'persistent' && surplus > allowed
      t.equal(status, kept ? 64 : 0, `${command} ${pages}: exit status`)
    })
    await replay(sequence, subject, (found, wanted, label) => t.same(found, wanted, label))
    await subject.act({ do: 'persistent', pages: 0 })
    t.same(subject.counters(), [0, 0, 0, 0])
    t.equal(kernel.read('/proc/meminfo'), free, 'all memory is given back')
  })
