import t from 'tap'
import { testSchema } from '../../../src/output/schemas/test-schema.ts'
import { commandSequences, replayCommands, stepCells } from '../../helpers/command-sequences.ts'
import { readySequences, replay } from '../../helpers/counters-table.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { parseExact } from '../../helpers/json.ts'
import { mappedSubject, type Setting } from '../../helpers/mapped-subject.ts'
import { cellsOf, global1G, global2M, onFake } from '../../helpers/on-fake.ts'
import { poolSequences } from '../../helpers/pool-sequences.ts'
import { G, M } from '../../helpers/sizes.ts'

/** The table of counters on what stands in for the kernel in all other tests of `test`. */
for (const sequence of [...readySequences, ...poolSequences])
  t.test(`mapped on a fake: ${sequence.name}`, async (t) => {
    const kernel = fakeKernel({ release: sequence.giganticOvercommit ? '6.19' : '6.18' })
    const mapper = fakeMapper(kernel)
    const [size, directory] = sequence.gigantic ? [G, global1G] : [2n * M, global2M]
    const set = (action: Setting) => {
      const file = action.do === 'persistent' ? 'nr_hugepages' : 'nr_overcommit_hugepages'
      kernel.write(`${directory}/${file}`, `${action.pages}`)
    }
    const counters = () => cellsOf(kernel, directory)
    const subject = mappedSubject({ mapper, size: Number(size), way: 'populate', set, counters })
    await replay(sequence, subject, (found, wanted, label) => t.strictSame(found, wanted, label))
    t.equal(mapper.mapped.size, 0, 'nothing is mapped any more')
  })

for (const sequence of commandSequences)
  t.test(`by commands on a fake: ${sequence.name}`, async (t) => {
    const kernel = fakeKernel({ release: '6.18' })
    const mapper = fakeMapper(kernel)
    kernel.extra.set('/proc/self/mountinfo', '')
    const { filePages } = sequence
    const file = { pageSize: 2n * M, bytes: BigInt(filePages ?? 0) * 2n * M }
    if (filePages !== undefined) mapper.existing.set('/mnt/huge/file', file)
    const run = async (line: string) => {
      const { status, stdout } = await onFake(kernel, `${line} --json`, { mapper })
      const isTest = line.startsWith('test ')
      const steps = isTest ? stepCells(testSchema.parse(parseExact(stdout)).steps) : []
      return { status, steps }
    }
    const counters = () => cellsOf(kernel, global2M)
    const deleteFile = () => mapper.unlink('/mnt/huge/file')
    await replayCommands(sequence, { run, deleteFile, counters }, (found, wanted, label) => {
      t.strictSame(found, wanted, label)
    })
  })
