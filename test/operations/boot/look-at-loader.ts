import t, { type Test } from 'tap'
import type { BootRecord } from '../../../src/model/boot/loaders/boot-record.ts'
import {
  changingStateOf,
  loaderStateOf,
  loaderWords,
  lookAtLoader,
  recordedLoader,
} from '../../../src/operations/boot/look-at-loader.ts'
import { answering } from '../../helpers/failing-files.ts'
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

t.test('a file that is to be changed and cannot be read is no missing file', async (t) => {
  const name = 'debian-grub'
  const file = loaderMachines[name]?.file ?? ''
  const text = 'GRUB_CMDLINE_LINUX_DEFAULT="hugepages=3"\n'
  const known = { ...record, loader: name, file: { path: file, written: [text] } }
  const { ports } = loaderStage(t, {
    ...loaderMachines[name]?.files,
    [path]: JSON.stringify({ version: 1, ...known }),
    [file]: text,
  })
  const failing = async (t: Test, code: string) => {
    const whole = await lookAtLoader(ports)
    answering(t, new RegExp(`${file}$`), code)
    const found = await lookAtLoader(ports)
    t.strictSame([whole.files.texts.get(file), found.files.texts.get(file)], [text, undefined])
    return () => changingStateOf(ports, found, recordedLoader(known)).files.texts.get(file)
  }
  await t.test('EIO', async (t) => t.throws(await failing(t, 'EIO'), { code: 'E_KERNEL' }))
  await t.test('EACCES', async (t) => t.equal((await failing(t, 'EACCES'))(), undefined))
  await t.test('seen by now', async (t) => {
    const found = await lookAtLoader(ports)
    const hidden = { ...found, files: { ...found.files, texts: new Map() } }
    t.equal(changingStateOf(ports, hidden, recordedLoader(known)).files.texts.get(file), text)
  })
})
