import t, { type Test } from 'tap'
import type { PlannedTexts } from '../../../src/kernel/config/writers/writer-texts.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { parseSettingKey } from '../../../src/model/config/tune/tune-request.ts'
import { lookAtStartFiles } from '../../../src/operations/config/look-at-start-files.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

const main = '/etc/hugepool.toml'

/** What is found on a machine that systemd starts, with a group of the name oracle. */
const look = (t: Test, files: Readonly<Record<string, string>>, planned?: PlannedTexts) => {
  const root = temporary(t)
  scratch(root, {
    '/etc/systemd/system/.keep': '',
    '/etc/group': 'root:x:0:\noracle:x:54321:\n',
    ...files,
  })
  return lookAtStartFiles(directoryTree(root), [parseSettingKey('thp')], planned)
}

const nothing = { sysctl: [], tmpfiles: [], late: [], unread: [] }

const configured = (file: string, line: number, text: string, value?: bigint) =>
  new Map([['shm-group', { file, text, line, ...(value !== undefined && { value }) }]])

t.test('the files of a start, and no configuration', async (t) => {
  t.strictSame(look(t, {}), nothing)
  t.strictSame(
    look(t, {
      '/etc/sysctl.d/50-a.conf': 'vm.nr_hugepages = 3\n',
      '/usr/lib/tmpfiles.d/b.conf': 'w /sys/x - - - - 1\n',
    }),
    {
      sysctl: [{ file: '/etc/sysctl.d/50-a.conf', text: 'vm.nr_hugepages = 3\n' }],
      tmpfiles: [{ file: '/usr/lib/tmpfiles.d/b.conf', text: 'w /sys/x - - - - 1\n' }],
      late: [],
      unread: [],
    },
  )
})

t.test('the group of the configuration, with its line', async (t) => {
  t.strictSame(look(t, { [main]: '\n[tune]\nshm-group = "oracle"\n' }), {
    ...nothing,
    configured: configured(main, 3, 'oracle', 54321n),
  })
  const dropIn = '/etc/hugepool.d/a.toml'
  t.strictSame(look(t, { [main]: '[boot]\n', [dropIn]: '[tune]\nshm-group = "7"\n' }), {
    ...nothing,
    configured: configured(dropIn, 2, '7', 7n),
  })
})

t.test('a group that is not there has no number', async (t) => {
  t.strictSame(look(t, { [main]: '[tune]\nshm-group = "gone"\n' }), {
    ...nothing,
    configured: configured(main, 2, 'gone'),
  })
})

t.test('a configuration without a group, or with mistakes, sets nothing', async (t) => {
  t.strictSame(look(t, { [main]: '[pools.2M]\npages = 3\n' }), nothing)
  t.strictSame(look(t, { [main]: '[tune]\nshm-group = "oracle"\nother = 3\n' }), nothing)
})

t.test('a fault that is no error of hugepool is thrown', async (t) => {
  const root = temporary(t)
  scratch(root, {
    '/etc/systemd/system/.keep': '',
    [main]: '[tune]\nshm-group = "oracle"\n',
  })
  const fault = new TypeError('a fault')
  const tree = {
    ...directoryTree(root),
    read: () => {
      throw fault
    },
  }
  t.throws(() => lookAtStartFiles(tree, []), fault)
})

t.test('what comes later to the settings, and files that are planned', async (t) => {
  const path = '/sys/kernel/mm/transparent_hugepage/enabled'
  const own = '/etc/sysctl.d/90-hugepool.conf'
  t.strictSame(look(t, { '/etc/rc.local': `echo never > ${path}\n` }, new Map([[own, 'x']])), {
    ...nothing,
    sysctl: [{ file: own, text: 'x' }],
    late: [{ path, file: '/etc/rc.local', text: 'never', line: 1 }],
  })
})
