import t from 'tap'
import { type BootRecord, bootRecordText } from '../../../../src/model/boot/loaders/boot-record.ts'
import { debianGrub } from '../../../../src/model/boot/loaders/debian-grub.ts'
import { grubby } from '../../../../src/model/boot/loaders/grubby.ts'
import {
  type LoaderState,
  recordStep,
  removeStep,
  writeTextStep,
} from '../../../../src/model/boot/loaders/loader-plan.ts'
import { raspberryPi } from '../../../../src/model/boot/loaders/raspberry-pi.ts'
import { planRemoval } from '../../../../src/model/boot/loaders/removal-plan.ts'
import { systemdBoot } from '../../../../src/model/boot/loaders/systemd-boot.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const path = '/boot/cmdline.txt'
const recordOf = (more: Partial<BootRecord> = {}): BootRecord => ({
  loader: 'raspberry-pi',
  state: 'installed',
  sequences: ['hugepages=3'],
  replaced: [],
  file: { path, before: 'a', written: ['a hugepages=3'] },
  ...more,
})

const stateOf = (
  loader: LoaderState['loader'],
  record: BootRecord,
  texts: Readonly<Record<string, string>>,
): LoaderState => ({
  loader,
  files: bootFiles(texts),
  record,
  recordText: bootRecordText(record),
})

const onPi = (
  line: string | undefined,
  more: Readonly<Record<string, string>> = {},
  record = recordOf(),
) =>
  stateOf(raspberryPi, record, {
    '/boot/config.txt': '',
    ...(line !== undefined && { [path]: line }),
    ...more,
  })

/** What lies between the first record and the end of the last. */
const between = (state: LoaderState, replace = false) => planRemoval(state, replace).slice(1, -1)

t.test('the record, the file, and the end of the record', async (t) => {
  const record = recordOf()
  const removing = recordOf({ state: 'removing' })
  t.strictSame(planRemoval(onPi('a hugepages=3'), false), [
    ...recordStep(bootRecordText(record), removing),
    writeTextStep(path, 'a hugepages=3', 'a'),
    ...recordStep(bootRecordText(removing), undefined),
  ])
  t.strictSame(planRemoval({ loader: raspberryPi, files: bootFiles() }, false), [])
})

t.test('a line that others have changed loses the words alone', async (t) => {
  t.strictSame(between(onPi('a b hugepages=3')), [writeTextStep(path, 'a b hugepages=3', 'a b')])
  t.strictSame(between(onPi('a')), [])
  t.strictSame(between(onPi('b')), [], 'somebody has removed them')
  const took = recordOf({ file: { path, before: 'hugepages=9 a', written: ['a hugepages=3'] } })
  t.strictSame(between(onPi('a b hugepages=3', {}, took)), [
    writeTextStep(path, 'a b hugepages=3', 'a b hugepages=9'),
  ])
  t.strictSame(between(onPi('hugepages=9 a', {}, took)), [])
})

t.test('the copy goes, unless it is another', async (t) => {
  const copy = `${path}.hugepool-backup`
  t.strictSame(between(onPi('a hugepages=3', { [copy]: 'a' })), [
    writeTextStep(path, 'a hugepages=3', 'a'),
    removeStep(copy, 'a'),
  ])
  t.strictSame(between(onPi('a', { [copy]: 'x' })), [])
})

const own = '/etc/default/grub.d/99-hugepool.cfg'
const onDebian = (text: string | undefined, before?: string) =>
  stateOf(
    debianGrub,
    recordOf({
      loader: 'debian-grub',
      file: { path: own, ...(before !== undefined && { before }), written: ['w\n'] },
    }),
    text === undefined ? {} : { [own]: text },
  )
const update = { do: 'run', words: ['update-grub'] } as const

t.test('a file of its own goes, or gives way to what was there', async (t) => {
  t.strictSame(between(onDebian('w\n')), [removeStep(own, 'w\n'), update])
  t.strictSame(between(onDebian('w\n', 'x\n')), [writeTextStep(own, 'w\n', 'x\n'), update])
  t.strictSame(between(onDebian(undefined)), [update])
  t.throws(() => planRemoval(onDebian('y\n'), false), {
    code: 'E_REFUSED',
    reason: 'not-ours',
    message: `${own} is not as hugepool wrote it`,
    hint: '--replace removes it as it is; what an administrator added would be lost',
  })
  t.strictSame(between(onDebian('y\n'), true), [removeStep(own, 'y\n'), update])
  t.strictSame(between(onDebian('x\n', 'x\n')), [update])
})

t.test('words of others that were taken over come back by the program', async (t) => {
  const state = (replaced: readonly string[]) => {
    const { file: _, ...record } = recordOf({ loader: 'grubby', replaced })
    return stateOf(grubby, record, { '/boot/loader/entries/a.conf': 'options a hugepages=3\n' })
  }
  const lastWord = (replaced: readonly string[]) => {
    const [step] = between(state(replaced))
    return step?.do === 'run' ? step.words.at(-1) : undefined
  }
  t.equal(lastWord(['hugepages=9']), '--args=hugepages=9')
  t.match(lastWord([]), /^--remove-args=/)
})

t.test('a file without which the running line would be taken goes last', async (t) => {
  const cmdline = '/etc/kernel/cmdline'
  const texts = {
    '/proc/cmdline': 'root=a hugepages=3\n',
    '/boot/loader/entries/m-6.1.conf': 'version 6.1\nmachine-id m\n',
  }
  const plan = (text: string | undefined, replaced: readonly string[] = []) => {
    const record = recordOf({
      loader: 'systemd-boot',
      replaced,
      file: { path: cmdline, written: ['root=a hugepages=3\n'] },
    })
    const all = text === undefined ? texts : { ...texts, [cmdline]: text }
    const state = stateOf(systemdBoot, record, all)
    return planRemoval(
      { ...state, files: { ...state.files, images: new Map([['6.1', '/v']]) } },
      false,
    )
  }
  const run = { do: 'run', words: ['kernel-install', 'add', '6.1', '/v'] } as const
  const [first, ...rest] = plan('root=a hugepages=3\n')
  t.match(
    first?.do === 'file' && first.file.do === 'replace' ? first.file.after : '',
    /"root=a\\n"/,
  )
  t.strictSame(rest.slice(0, -1), [
    writeTextStep(cmdline, 'root=a hugepages=3\n', 'root=a\n'),
    run,
    removeStep(cmdline, 'root=a\n'),
  ])
  t.strictSame(plan(undefined).slice(1, -1), [run])
  t.strictSame(
    plan('root=a hugepages=3\n', ['hugepages=9']).at(1),
    writeTextStep(cmdline, 'root=a hugepages=3\n', 'root=a hugepages=9\n'),
  )
})

t.test('the line of others has moved since, with the words', async (t) => {
  const moved = '/boot/firmware/cmdline.txt'
  const state = stateOf(raspberryPi, recordOf(), {
    '/boot/firmware/config.txt': '',
    [moved]: 'b hugepages=3 c\n',
  })
  t.strictSame(between(state), [writeTextStep(moved, 'b hugepages=3 c\n', 'b c\n')])
})
