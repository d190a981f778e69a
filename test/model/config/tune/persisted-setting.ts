import t from 'tap'
import {
  type LateWrite,
  settingAtStart,
} from '../../../../src/model/config/tune/persisted-setting.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'

const group = parseSettingKey('shm-group')
const thp = parseSettingKey('thp')

/** Where a setting is set, and to what, by texts of sysctl.d and tmpfiles.d. */
const found = (
  setting: typeof group,
  sysctl: readonly string[],
  tmpfiles: readonly string[] = [],
): string | undefined => {
  const files = (texts: readonly string[], kind: string) =>
    texts.map((text, at) => ({ file: `/${kind}/${at}`, text }))
  const told = settingAtStart(setting, {
    sysctl: files(sysctl, 's'),
    tmpfiles: files(tmpfiles, 't'),
  })
  return told && `${told.file}:${told.line} ${told.text} ${told.value}`
}

t.test('of sysctls the last line of a key counts, and a pattern only without one', async (t) => {
  const [one, two, many] = [
    'vm.hugetlb_shm_group = 1\n',
    '\nvm/hugetlb_shm_group=2',
    'vm.huge* = 9',
  ]
  t.equal(found(group, []), undefined)
  t.equal(found(group, ['vm.swappiness = 1']), undefined)
  t.equal(found(group, [one, two]), '/s/1:2 2 2')
  t.equal(found(group, [two, one, many]), '/s/1:1 1 1')
  t.equal(found(group, [many, 'vm.hugetlb_* = 8']), '/s/1:1 8 8')
  t.equal(found(group, [many, '-vm.hugetlb_shm_group']), undefined, 'kept from patterns')
  t.equal(found(group, [one, '-vm.hugetlb_shm_group']), '/s/0:1 1 1', 'not from lines')
  t.equal(found(group, ['vm.hugetlb_shm_group = x']), '/s/0:1 x undefined')
})

t.test('of writes the first of a path counts, and patterns come after all', async (t) => {
  const write = (path: string, value: string) => `w ${path} - - - - ${value}\n`
  const { path } = thp
  t.equal(found(thp, [], [write(path, 'never'), write(path, 'always')]), '/t/0:1 never never')
  t.equal(
    found(thp, [], [write('/sys/kernel/mm/*/enabled', 'madvise'), write(path, 'never')]),
    '/t/0:1 madvise madvise',
  )
  const many = [
    write('/sys/kernel/mm/*/enabled', 'madvise'),
    write('/sys/*/mm/*/enabled', 'always'),
  ]
  t.equal(found(thp, [], many), '/t/1:1 always always', 'the last of two patterns')
  t.equal(found(thp, [], [write(path.replaceAll('/', '//'), 'never')]), '/t/0:1 never never')
  t.equal(found(thp, [], ['d /sys - - - -\n', write('/sys/other', 'never')]), undefined)
  t.equal(found(group, ['vm.hugetlb_shm_group = 1'], [write(group.path, '2')]), '/t/0:1 2 2')
})

t.test('what the configuration has comes after both', async (t) => {
  const own = { file: '/etc/hugepool.toml', text: 'db', value: 70n }
  const files = {
    sysctl: [{ file: '/s', text: 'vm.hugetlb_shm_group = 1' }],
    tmpfiles: [],
    configured: new Map([['shm-group', own]]),
  }
  t.strictSame(settingAtStart(group, files), own)
  t.equal(settingAtStart(thp, files), undefined)
})

t.test('what comes later wins over all of that', async (t) => {
  const own = { file: '/etc/hugepool.toml', text: 'db', value: 70n }
  const write = (text: string, at = group.path): LateWrite => ({
    path: at,
    file: '/etc/rc.local',
    text,
  })
  const files = {
    sysctl: [{ file: '/s', text: 'vm.hugetlb_shm_group = 1' }],
    tmpfiles: [],
    configured: new Map([['shm-group', own]]),
  }
  const on = (...late: readonly LateWrite[]) => settingAtStart(group, { ...files, late })
  t.strictSame(on(write('3', thp.path)), own)
  t.strictSame(on({ ...write('2'), line: 7 }, write('x')), {
    file: '/etc/rc.local',
    text: 'x',
  })
  t.strictSame(on(write('x'), { ...write('2'), line: 7 }), {
    file: '/etc/rc.local',
    text: '2',
    line: 7,
    value: 2n,
  })
})
