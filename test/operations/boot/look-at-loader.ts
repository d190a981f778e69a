import t from 'tap'
import type { BootRecord } from '../../../src/model/boot/loaders/boot-record.ts'
import {
  loaderStateOf,
  loaderWords,
  lookAtLoader,
  recordedLoader,
} from '../../../src/operations/boot/look-at-loader.ts'
import { loaderMachines, loaderStage } from '../../helpers/loader-stage.ts'

const path = '/var/lib/hugepool/boot.json'
const record: BootRecord = {
  loader: 'proxmox',
  state: 'installed',
  sequences: ['hugepages=3'],
  replaced: [],
}

t.test('every machine is known by its signs', async (t) => {
  for (const [name, { files, title }] of Object.entries(loaderMachines)) {
    const { row, ...rest } = await lookAtLoader(loaderStage(t, files).ports)
    t.strictSame([row.name, loaderWords(row)], [name, `boot loader: ${title}`])
    t.notOk('record' in rest)
  }
})

t.test('the record, as it stands in its file', async (t) => {
  const text = JSON.stringify({ version: 1, ...record })
  const found = await lookAtLoader(loaderStage(t, { [path]: text }).ports)
  t.strictSame([found.record, found.recordText], [record, text])
  t.equal(found.row.name, 'unknown')
  await t.rejects(lookAtLoader(loaderStage(t, { [path]: '{' }).ports), {
    code: 'E_REFUSED',
    reason: 'not-understood',
  })
})

t.test('the loader of a record', async (t) => {
  t.equal(recordedLoader(record).name, 'proxmox')
  for (const loader of ['lilo', 'nixos'])
    t.throws(() => recordedLoader({ ...record, loader }), {
      code: 'E_UNSUPPORTED',
      reason: 'no-loader',
      message: `${path} names a boot loader that is not known: ${loader}`,
    })
})

t.test('what a plan begins with', async (t) => {
  const { ports } = loaderStage(t, loaderMachines.grubby?.files ?? {})
  const found = await lookAtLoader(ports)
  const loader = recordedLoader(record)
  t.strictSame(loaderStateOf(found, loader), { loader, files: found.files })
})
