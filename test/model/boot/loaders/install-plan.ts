import t from 'tap'
import type { BootFiles } from '../../../../src/model/boot/loaders/boot-files.ts'
import { type BootRecord, bootRecordText } from '../../../../src/model/boot/loaders/boot-record.ts'
import { debianGrub } from '../../../../src/model/boot/loaders/debian-grub.ts'
import { grubby } from '../../../../src/model/boot/loaders/grubby.ts'
import { planInstall } from '../../../../src/model/boot/loaders/install-plan.ts'
import {
  type LoaderState,
  recordStep,
  writeTextStep,
} from '../../../../src/model/boot/loaders/loader-plan.ts'
import { ownMark } from '../../../../src/model/boot/loaders/own-file.ts'
import { raspberryPi } from '../../../../src/model/boot/loaders/raspberry-pi.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const sequence = 'hugepages=3'
const path = '/boot/cmdline.txt'
const usual = { sequence, replace: false }

const onPi = (line: string, record?: BootRecord): LoaderState => ({
  loader: raspberryPi,
  files: bootFiles({ [path]: line, '/boot/config.txt': '' }),
  ...(record && { record, recordText: bootRecordText(record) }),
})

const recordOf = (more: Partial<BootRecord> = {}): BootRecord => ({
  loader: 'raspberry-pi',
  replaced: [],
  state: 'installed',
  sequences: [sequence],
  file: { path, before: 'a', written: ['a hugepages=3'] },
  ...more,
})
const begun = recordOf({ state: 'installing' })

t.test('the record, the file, the record', async (t) => {
  t.strictSame(planInstall(onPi('a'), usual), [
    ...recordStep(undefined, begun),
    writeTextStep(path, 'a', 'a hugepages=3', `${path}.hugepool-backup`),
    ...recordStep(bootRecordText(begun), recordOf()),
  ])
  t.strictSame(planInstall(onPi('a hugepages=3', recordOf()), usual), [])
})

t.test('programs follow the file', async (t) => {
  const [record, file, run, done] = planInstall({ loader: debianGrub, files: bootFiles() }, usual)
  t.strictSame(
    [record?.do, file?.do, run, done?.do],
    ['file', 'file', { do: 'run', words: ['update-grub'] }, 'file'],
  )
})

t.test('what was stopped is done again', async (t) => {
  t.strictSame(planInstall(onPi('a hugepages=3', begun), usual), [
    ...recordStep(bootRecordText(begun), recordOf()),
  ])
  t.strictSame(planInstall(onPi('a', recordOf()), usual).length, 3, 'somebody put the line back')
})

t.test('other words: the record knows both until it is done', async (t) => {
  const old = recordOf({
    sequences: ['hugepages=1'],
    file: { path, before: 'a', written: ['a hugepages=1'] },
  })
  const both = recordOf({
    state: 'installing',
    sequences: ['hugepages=1', sequence],
    file: { path, before: 'a', written: ['a hugepages=1', 'a hugepages=3'] },
  })
  t.strictSame(planInstall(onPi('a hugepages=1', old), usual), [
    ...recordStep(bootRecordText(old), both),
    writeTextStep(path, 'a hugepages=1', 'a hugepages=3'),
    ...recordStep(bootRecordText(both), recordOf()),
  ])
})

const fileOf = (state: LoaderState, replace = false) => {
  const [first] = planInstall(state, { sequence, replace })
  const text = first?.do === 'file' && first.file.do === 'replace' ? first.file.after : '{}'
  return JSON.parse(text) as BootRecord
}

t.test('what others have changed since is kept', async (t) => {
  t.equal(fileOf(onPi('a b hugepages=3', begun)).file?.before, 'a b')
  const took = recordOf({
    state: 'installing',
    replaced: ['hugepages=9'],
    file: { path, before: 'a hugepages=9', written: ['a hugepages=3'] },
  })
  t.equal(fileOf(onPi('a b hugepages=3', took)).file?.before, 'a b hugepages=9')
  t.equal(fileOf(onPi('c', recordOf())).file?.before, 'c', 'without the words it is theirs')
  const elsewhere = recordOf({ file: { path: '/x', written: ['a'] } })
  t.equal(fileOf(onPi('a', elsewhere)).file?.before, 'a')
})

t.test('words of others are taken over', async (t) => {
  t.throws(() => planInstall(onPi('hugepages=9 a'), usual), { code: 'E_REFUSED' })
  const { replaced, file } = fileOf(onPi('hugepages=9 a'), true)
  t.strictSame(
    [replaced, file],
    [['hugepages=9'], { path, before: 'hugepages=9 a', written: ['a hugepages=3'] }],
  )
})

const onDebian = (text: string | undefined, record?: BootRecord): LoaderState => ({
  loader: debianGrub,
  files: bootFiles(text === undefined ? {} : { '/etc/default/grub.d/99-hugepool.cfg': text }),
  ...(record && { record, recordText: bootRecordText(record) }),
})

t.test('a file in the place of its own is written only if it shall be', async (t) => {
  t.throws(() => planInstall(onDebian('x\n'), usual), {
    code: 'E_REFUSED',
    reason: 'not-ours',
    message: '/etc/default/grub.d/99-hugepool.cfg is not as hugepool wrote it',
    hint: '--replace writes it anew; what an administrator adds belongs into another file',
  })
  t.equal(fileOf(onDebian('x\n'), true).file?.before, 'x\n')
  t.notOk('before' in (fileOf(onDebian(`${ownMark}\nx\n`), true).file ?? {}), 'it was its own')
  t.notOk('before' in (fileOf(onDebian(undefined)).file ?? {}))
})

t.test('another loader, and what is no sequence', async (t) => {
  t.throws(() => planInstall(onPi('a', recordOf({ loader: 'grubby' })), usual), {
    code: 'E_REFUSED',
    reason: 'otherwise',
    message: 'words are installed through another boot loader: grubby',
    hint: "'hugepool boot --remove' removes them there",
  })
  t.throws(() => planInstall(onPi('a'), { sequence: 'hugepages', replace: false }), {
    code: 'E_USAGE',
  })
})

t.test('a loader without a file', async (t) => {
  const entries = (options: string): BootFiles =>
    bootFiles({ '/boot/loader/entries/a.conf': `options ${options}\n` })
  const record: BootRecord = {
    loader: 'grubby',
    replaced: [],
    state: 'installed',
    sequences: [sequence],
  }
  const state = { loader: grubby, record, recordText: bootRecordText(record) }
  t.strictSame(planInstall({ ...state, files: entries('a hugepages=3') }, usual), [])
  t.strictSame(
    planInstall({ ...state, files: entries('a') }, usual).map((step) => step.do),
    ['file', 'run', 'file'],
    'the entry has lost them',
  )
  t.strictSame(planInstall({ ...state, files: bootFiles() }, usual), [], 'nothing can be read back')
})
