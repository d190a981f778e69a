import t from 'tap'
import {
  parseTunedProfile,
  reappliesSysctl,
} from '../../../../src/model/config/writers/tuned-profile.ts'

t.test('what a profile sets, and includes', async (t) => {
  const text = `# comment
key=outside
[main]
summary=x
include=base, other;third

[sysctl]
vm.nr_hugepages = 64
; vm.nr_hugepages = 1
[sysfs]
/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages=5
[bootloader]
cmdline=hugepages=7
`
  t.strictSame(parseTunedProfile(text), {
    includes: ['base', 'other', 'third'],
    sysctls: [{ key: 'vm.nr_hugepages', value: '64', line: 8 }],
    writes: [
      {
        path: '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages',
        value: '5',
        line: 11,
      },
    ],
  })
  t.strictSame(parseTunedProfile(''), { includes: [], sysctls: [], writes: [] })
})

t.test('whether the sysctls are applied again', async (t) => {
  for (const text of [undefined, '', 'reapply_sysctl = 1\n', '# reapply_sysctl = 0\n'])
    t.ok(reappliesSysctl(text), `${text}`)
  for (const text of ['reapply_sysctl=0', 'a=1\nreapply_sysctl = False\n'])
    t.notOk(reappliesSysctl(text), `${text}`)
})
