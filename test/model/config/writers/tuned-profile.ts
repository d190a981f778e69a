import t from 'tap'
import {
  parseTunedProfile,
  reappliesSysctl,
  tunedBootLine,
} from '../../../../src/model/config/writers/tuned-profile.ts'

t.test('what a profile sets, and includes', async (t) => {
  const text = `# comment
key=outside
[main]
summary=x [other]
include=base, other;third

[sysctl]
vm.nr_hugepages = 64
; vm.nr_hugepages = 1
[sysfs]
/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages=5
[bootloader]
cmdline=hugepages=7
[script]
script=\${i:PROFILE_DIR}/a.sh, /opt/b.sh
other=/opt/c.sh
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
    scripts: [`\${i:PROFILE_DIR}/a.sh`, '/opt/b.sh'],
  })
  t.strictSame(parseTunedProfile(''), {
    includes: [],
    sysctls: [],
    writes: [],
    scripts: [],
  })
})

t.test('whether the sysctls are applied again', async (t) => {
  for (const text of [undefined, '', 'reapply_sysctl = 1\n', '# reapply_sysctl = 0\n'])
    t.ok(reappliesSysctl(text), `${text}`)
  for (const text of ['reapply_sysctl=0', 'a=1\nreapply_sysctl = False\n'])
    t.notOk(reappliesSysctl(text), `${text}`)
})

t.test('the words for the kernel command line', async (t) => {
  const lines = {
    '': '',
    'TUNED_BOOT_CMDLINE=\n': '',
    'a=1\nTUNED_BOOT_CMDLINE="hugepages=7 quiet"\nTUNED_BOOT_INITRD_ADD=\n': 'hugepages=7 quiet',
    "TUNED_BOOT_CMDLINE='hugepages=7' \n": 'hugepages=7',
    'TUNED_BOOT_CMDLINE=hugepages=7': 'hugepages=7',
    'TUNED_BOOT_CMDLINE="a" b\n': '"a" b',
    '# TUNED_BOOT_CMDLINE=hugepages=7\n': '',
  }
  for (const [text, words] of Object.entries(lines)) t.equal(tunedBootLine(text), words, text)
})

t.test('transparent huge pages of a profile', async (t) => {
  const thp = '/sys/kernel/mm/transparent_hugepage'
  const text = `[vm]
transparent_hugepages=never
transparent_hugepage=madvise
transparent_hugepage.defrag=defer
dirty_ratio=10
[sysfs]
/sys/a=1
transparent_hugepages=always
`
  t.strictSame(parseTunedProfile(text).writes, [
    { path: `${thp}/enabled`, value: 'never', line: 2 },
    { path: `${thp}/enabled`, value: 'madvise', line: 3 },
    { path: `${thp}/defrag`, value: 'defer', line: 4 },
    { path: '/sys/a', value: '1', line: 7 },
    { path: 'transparent_hugepages', value: 'always', line: 8 },
  ])
})

t.test('empty lines and blanks take no longer than their number says', async (t) => {
  t.notOk(reappliesSysctl(`${'\n'.repeat(400_000)}x\nreapply_sysctl=0`))
  t.ok(reappliesSysctl('reapply_sysctl=\n0'), 'a value stands in the line of its key')
  const text = `[sysctl]\nkey= ${' '.repeat(400_000)}x\ty `
  t.strictSame(parseTunedProfile(text).sysctls, [{ line: 2, key: 'key', value: 'x\ty' }])
})
