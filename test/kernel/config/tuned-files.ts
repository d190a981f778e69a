import t from 'tap'
import {
  readTunedSetting,
  readTuneFacts,
  settingsOf,
} from '../../../src/kernel/config/tuned-files.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { parseSettingKey } from '../../../src/model/config/tune/tune-request.ts'
import { temporary } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'
import { tunedStage } from '../../helpers/tuned-stage.ts'

const [group, thp, shmmni] = ['shm-group', 'thp', 'shmmni'].map(parseSettingKey) as [
  ReturnType<typeof parseSettingKey>,
  ReturnType<typeof parseSettingKey>,
  ReturnType<typeof parseSettingKey>,
]

t.test('a setting, a group with its name, and words with those there are', async (t) => {
  const { root } = tunedStage(t, { [group.path]: '54321\n', [shmmni.path]: undefined })
  const tree = directoryTree(root)
  t.strictSame(readTunedSetting(tree, group), { setting: group, value: 54321n, group: 'oracle' })
  t.strictSame(readTunedSetting(tree, thp), {
    setting: thp,
    value: 'madvise',
    choices: ['always', 'madvise', 'never'],
  })
  t.strictSame(readTunedSetting(tree, shmmni), { setting: shmmni })
})

t.test('a group without a name', async (t) => {
  const { root } = tunedStage(t, { [group.path]: '7\n' })
  t.strictSame(readTunedSetting(directoryTree(root), group), { setting: group, value: 7n })
})

t.test('no other number is that of a group', async (t) => {
  const { root } = tunedStage(t, { [shmmni.path]: '54321\n' })
  t.strictSame(readTunedSetting(directoryTree(root), shmmni), { setting: shmmni, value: 54321n })
})

t.test('sizes that shared memory alone can have are left out', async (t) => {
  const { root } = tunedStage(t)
  const keys = settingsOf(directoryTree(root)).map(({ key }) => key)
  t.strictSame(keys.slice(-3), ['khugepaged-shared', 'thp.64K', 'thp.2M'])
})

t.test('whether the kernel command line lets ids of segments be longer', async (t) => {
  const extended = (line: string | undefined) =>
    readTuneFacts(directoryTree(tunedStage(t, { '/proc/cmdline': line }).root)).extendedIpc
  t.strictSame(
    [undefined, '', 'quiet ipcmni_extend\n', 'ipcmni_extended quiet\n', 'a\tipcmni_extend b'].map(
      extended,
    ),
    [undefined, false, true, false, true],
  )
})

t.test('what decides', async (t) => {
  const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB'
  const { root } = tunedStage(t, {
    [`${pool}/surplus_hugepages`]: '4\n',
    [`${pool}/nr_overcommit_hugepages`]: '10\n',
  })
  t.strictSame(readTuneFacts(directoryTree(root)), {
    pools: [{ size: 2n * M, persistent: 60n, most: 70n }],
    basePage: 4096n,
    memory: 16n * G,
    thpSize: 2n * M,
    zones: 3n,
  })
  t.strictSame(readTuneFacts(directoryTree(temporary(t))), { pools: [], basePage: 4096n })
})
