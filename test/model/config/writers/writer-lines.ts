import t from 'tap'
import {
  dpdkLines,
  execLines,
  execPrograms,
  nitroLines,
  pfRingLines,
  rebootLines,
  scriptLines,
  sysctlLines,
  sysfsLines,
  tmpfilesLines,
  xmrigLines,
} from '../../../../src/model/config/writers/writer-lines.ts'

const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
const sysctl = '/proc/sys/vm/nr_hugepages'

t.test('sysctl.d', async (t) => {
  const text = `# vm.nr_hugepages = 1
; vm.nr_hugepages = 2

vm.nr_hugepages = 3
 -vm/nr_hugepages=4\t
vm.nr_hugepages=
-vm.nr_huge*
nonsense
`
  t.strictSame(sysctlLines(text), [
    { line: 4, key: 'vm.nr_hugepages', value: '3' },
    { line: 5, key: 'vm/nr_hugepages', value: '4' },
    { line: 6, key: 'vm.nr_hugepages', value: '' },
    { line: 7, key: 'vm.nr_huge*' },
  ])
})

t.test('tmpfiles.d', async (t) => {
  const text = `# w ${pool} - - - - 1
w ${pool} - - - - 7
w+!\t"${pool}"   0644 root root - 8
w- ${pool} - - - - "9"
W ${pool} - - - - 9
d /run/x 0755 root root -
w ${pool} - - - -
f ${pool} - - - - 7
`
  t.strictSame(tmpfilesLines(text), [
    { line: 2, path: pool, value: '7' },
    { line: 3, path: pool, value: '8' },
    { line: 4, path: pool, value: '9' },
  ])
})

t.test('only blanks of ASCII part the words of octets', async (t) => {
  t.strictSame(sysctlLines('\t vm.x\xa0 =\xa0 f\xc3\xa0\t\r\n-\xa0a.*\r'), [
    { line: 1, key: 'vm.x\xa0', value: '\xa0 f\xc3\xa0' },
    { line: 2, key: '\xa0a.*' },
  ])
  t.strictSame(tmpfilesLines(' \tw\t/a\xa0 - \xa0 - -\t\xa0\xc3\xa0\r'), [
    { line: 1, path: '/a\xa0', value: '\xa0\xc3\xa0' },
  ])
})

t.test('sysfs.conf', async (t) => {
  const text = `mode kernel/x = 0644
kernel/mm/hugepages/hugepages-2048kB/nr_hugepages = 64
/sys/kernel/a = 1
# b = 2
`
  t.strictSame(sysfsLines(text), [
    { line: 2, path: pool, value: '64' },
    { line: 3, path: '/sys/kernel/a', value: '1' },
  ])
})

t.test('dpdk.conf', async (t) => {
  const text = `#NR_2M_PAGES=1
NR_2M_PAGES=64
NR_1G_PAGES="2"
NR_16M_PAGES=
NR_16M_PAGES=3
OTHER=1
`
  const at = (kilobytes: number) => `/sys/kernel/mm/hugepages/hugepages-${kilobytes}kB/nr_hugepages`
  t.strictSame(dpdkLines(text), [
    { line: 2, path: at(2048), value: '64' },
    { line: 3, path: at(1048576), value: '2' },
    { line: 5, path: at(16384), value: '3' },
  ])
})

t.test('hugepages.conf of PF_RING', async (t) => {
  t.strictSame(pfRingLines('# x\nnode=0 hugepagenumber=1024\nnode=1\n'), [
    { line: 2, value: 'node=0 hugepagenumber=1024' },
  ])
})

t.test('config.json of xmrig', async (t) => {
  const text = `{
    // "huge-pages": true,
    "huge-pages": true,
    "huge-pages" : 2048,
    "huge-pages": false,
    "huge-pages": 0,
    "huge-pages-jit": true,
    "1gb-pages":true
}
`
  t.strictSame(xmrigLines(text), [
    { line: 3, value: '"huge-pages": true' },
    { line: 4, value: '"huge-pages" : 2048' },
    { line: 8, value: '"1gb-pages":true' },
  ])
})

t.test('allocator.yaml', async (t) => {
  t.strictSame(
    nitroLines('---\n# memory_mib: 4\nmemory_mib: 512\ncpu_count: 2\n- memory_mib: 8\n'),
    [
      { line: 3, value: 'memory_mib: 512' },
      { line: 5, value: '- memory_mib: 8' },
    ],
  )
})

t.test('a miner', async (t) => {
  const text = `xmrig
/opt/xmrig/xmrig -c /etc/a.json
ExecStart=-/usr/bin/xmrig
/usr/bin/xmrig  -o x --no-huge-pages
useradd xmrigs
cat xmrig.log
`
  t.strictSame(
    scriptLines(text).map(({ line }) => line),
    [1, 2, 3],
  )
})

t.test('scripts', async (t) => {
  const text = `#!/bin/sh
# echo 1 > ${pool}
echo 2 > ${pool}
echo "3" >${sysctl}; printf '4\\n' > ${pool}
echo 5 | sudo tee -a ${pool} >/dev/null
sysctl -w vm.nr_hugepages=6
/sbin/sysctl -q vm/nr_overcommit_hugepages=7
sysctl -w 'vm.hugetlb_shm_group=8'
echo $N > ${pool}
hugeadm --pool-pages-min 2MB:64
virsh allocpages 2M 64
hugepool resize 2M=9
/opt/spdk/scripts/setup.sh
echo hello
`
  t.strictSame(
    scriptLines(text).map(({ line, path, value }) => [line, path, value]),
    [
      [3, pool, '2'],
      [4, sysctl, '3'],
      [4, pool, '4'],
      [5, pool, '5'],
      [6, sysctl, '6'],
      [7, '/proc/sys/vm/nr_overcommit_hugepages', '7'],
      [8, '/proc/sys/vm/hugetlb_shm_group', '8'],
      [9, undefined, `echo $N > ${pool}`],
      [10, undefined, 'hugeadm --pool-pages-min 2MB:64'],
      [11, undefined, 'virsh allocpages 2M 64'],
      [12, undefined, 'hugepool resize 2M=9'],
      [13, undefined, '/opt/spdk/scripts/setup.sh'],
    ],
  )
})

t.test('what a script writes into other files of the kernel', async (t) => {
  const thp = '/sys/kernel/mm/transparent_hugepage'
  const text = `echo never > ${thp}/enabled
echo 'defer+madvise' | tee ${thp}/defrag
if test -f ${thp}/enabled; then echo within_size > ${thp}/shmem_enabled; fi
sysctl -w kernel.shmmax=5
sysctl kernel/shmall=6
echo Never > ${thp}/enabled
sysctl kernel.shmmax
`
  t.strictSame(
    scriptLines(text).map(({ line, path, value }) => [line, path, value]),
    [
      [1, `${thp}/enabled`, 'never'],
      [2, `${thp}/defrag`, 'defer+madvise'],
      [3, `${thp}/shmem_enabled`, 'within_size'],
      [4, '/proc/sys/kernel/shmmax', '5'],
      [5, '/proc/sys/kernel/shmall', '6'],
    ],
  )
})

t.test('what a script only reads', async (t) => {
  const text = `echo has $(cat ${pool}) >>/run/seen
cat ${sysctl} /proc/meminfo | logger
/bin/sh -c 'cat ${pool}'
cat /etc/pages >${pool}
cat ${pool}; echo 2 >${pool}
cat <<<3 >${sysctl}
concat ${pool}
`
  t.strictSame(scriptLines(text), [
    { line: 4, value: `cat /etc/pages >${pool}` },
    { line: 5, path: pool, value: '2' },
    { line: 6, value: `cat <<<3 >${sysctl}` },
    { line: 7, value: `concat ${pool}` },
  ])
})

t.test('crontabs', async (t) => {
  const text = `@reboot root echo 2 > ${pool}
@daily root echo 3 > ${pool}
@reboot root date
`
  t.strictSame(rebootLines(text), [{ line: 1, path: pool, value: '2' }])
})

t.test('units', async (t) => {
  const text = `[Unit]
Description=sets nr_hugepages
[Service]
ExecStartPre=-/usr/bin/a.sh x
ExecStart=/bin/sh -c "echo 2 > ${pool}"
ExecStop=/bin/sh -c "echo 0 > ${pool}"
 ExecStartPost = +/usr/bin/b
ExecStart=relative
`
  t.strictSame(execLines(text), [{ line: 5, path: pool, value: '2' }])
  t.strictSame(execPrograms(text), ['/usr/bin/a.sh', '/bin/sh', '/usr/bin/b'])
})

t.test('blanks and empty lines take no longer than their number says', async (t) => {
  const blanks = ' '.repeat(400_000)
  for (const text of [`${blanks}=`, `-${blanks}=x y`, `x${blanks}y`])
    t.strictSame(
      sysctlLines(text).map(({ key }) => key),
      text.startsWith('-') ? ['-'] : [],
    )
  t.strictSame(sysctlLines(`${blanks}a${blanks}=${blanks}b${blanks}c${blanks}`), [
    { line: 1, key: 'a', value: `b${blanks}c` },
  ])
  t.strictSame(tmpfilesLines(`w${blanks}/a 1 2 3 4${blanks}b\r${blanks}c${blanks}`), [
    { line: 1, path: '/a', value: `b\r${blanks}c` },
  ])
  t.strictSame(tmpfilesLines(`w${blanks}/a`), [])
  t.strictSame(sysfsLines(`a${blanks}=${blanks}b${blanks}c`), [
    { line: 1, path: '/sys/a', value: `b${blanks}c` },
  ])
  t.strictSame(execPrograms(`${'\n'.repeat(400_000)}x\nExecStart=\n/a\nExecStart=/b`), ['/b'])
})
