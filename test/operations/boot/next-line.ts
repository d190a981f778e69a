import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { bootRecordPath } from '../../../src/model/boot/loaders/boot-record.ts'
import { installWords } from '../../../src/operations/boot/install-words.ts'
import { lookAtNextLine } from '../../../src/operations/boot/next-line.ts'
import { line, loaderMachines, loaderStage } from '../../helpers/loader-stage.ts'

const filesOf = (name: string) => loaderMachines[name]?.files ?? {}

t.test('what the boot loader has made of its configuration', async (t) => {
  const { ports } = loaderStage(t, filesOf('grubby'))
  t.equal(await lookAtNextLine(ports), line)
  await installWords(ports, { sequence: 'hugepages=3', replace: false, dryRun: false })
  t.equal(await lookAtNextLine(ports), `${line} hugepages=3`)
})

t.test('a boot loader that hugepool cannot read, and a record that is garbage', async (t) => {
  t.equal(await lookAtNextLine(loaderStage(t, {}).ports), undefined)
  const { ports } = loaderStage(t, { ...filesOf('grubby'), [bootRecordPath]: 'x' })
  t.equal(await lookAtNextLine(ports), undefined)
})

t.test('what keeps the files from being read at all is an error', async (t) => {
  const { ports } = loaderStage(t, filesOf('rpm-ostree'))
  const error = new HugepoolError('E_KERNEL', 'no-memory', 'no descriptor is left')
  const run = () => Promise.reject(error)
  await t.rejects(lookAtNextLine({ ...ports, run }), { code: 'E_KERNEL' })
})
