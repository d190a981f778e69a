import t from 'tap'
import { overriddenSettings } from '../../../../src/model/config/tune/overridden-setting.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'

const file = (name: string, text = '') => ({ file: name, text })
const files = {
  sysctl: [
    file('/usr/lib/sysctl.d/10-a.conf'),
    file('/etc/sysctl.d/99-b.conf', 'vm.hugetlb_shm_group = 5'),
    file('/etc/sysctl.conf'),
  ],
  tmpfiles: [file('/usr/lib/tmpfiles.d/a.conf')],
}

t.test('what another file sets otherwise', async (t) => {
  const setting = parseSettingKey('shm-group')
  const five = { setting, file: '/etc/sysctl.d/99-b.conf', line: 1, text: '5', value: 5n }
  t.strictSame(overriddenSettings([{ setting, value: 70n }], files), [five])
  t.strictSame(overriddenSettings([{ setting, value: 5n }], files), [], 'the same')
  t.strictSame(overriddenSettings([{ setting }], files), [five], 'taken out, and still set')
  t.strictSame(overriddenSettings([{ setting: parseSettingKey('thp'), value: 'never' }], files), [])
})
