import t from 'tap'
import { mapLines, smapsAreas } from '../../../../src/kernel/processes/scan/map-lines.ts'
import { octets } from '../../../../src/model/etc/octets.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { G, M } from '../../../helpers/sizes.ts'

const maps = (...all: readonly string[]) => mapLines(octets(lines(...all)))

const file = '7f0000000000-7f0000200000 rw-s 00a00000 00:27 1234    /mnt/huge/file'

const fileLine = {
  from: '7f0000000000',
  to: '7f0000200000',
  isPrivate: false,
  offset: 10n * M,
  device: '00:27',
  inode: 1234n,
  path: '/mnt/huge/file',
}

t.test('lines about files', async (t) => {
  t.strictSame(
    maps(
      '55d0c0000000-55d0c0021000 rw-p 00000000 00:00 0    [heap]',
      file,
      '7f0000400000-7f0000600000 r--p 00000000 00:10 18446744073709551615 /anon_hugepage (deleted)',
      '7f0000600000-7f0000601000 ---p 00000000 00:00 0 ',
      'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]',
      '00400000-00401000 r-xp 1000000000 103:fffff 7',
    ),
    [
      fileLine,
      {
        ...fileLine,
        from: '7f0000400000',
        to: '7f0000600000',
        isPrivate: true,
        offset: 0n,
        device: '00:10',
        inode: 2n ** 64n - 1n,
        path: '/anon_hugepage (deleted)',
      },
      {
        from: '00400000',
        to: '00401000',
        isPrivate: true,
        offset: 64n * G,
        device: '103:fffff',
        inode: 7n,
        path: '',
      },
    ],
  )
})

t.test('a name with a carriage return makes no line', async (t) => {
  const path = `/mnt/huge/a\r7f0000000000-7f0000600000 rw-p 00000000 00:10 77 /anon_hugepage`
  const line = file.replace('/mnt/huge/file', path)
  t.strictSame(maps(line, file), [{ ...fileLine, path }, fileLine])
  const values = ['KernelPageSize:     2048 kB', 'VmFlags: rd wr sh ht']
  const forged = line.replace(path, '/a\rKernelPageSize: 4 kB\rVmFlags: rd')
  const found = smapsAreas(octets(lines(forged, ...values)))
  t.strictSame(
    [...found],
    [[fileLine.from, { device: '00:27', pageSize: 2n * M, isHuge: true, reserves: true }]],
  )
})

t.test('names of files', async (t) => {
  const names = ['/größe', '/two  blanks ', '/a\\134b', '/back\\slash', '/long\\012name']
  t.strictSame(
    maps(...names.map((name) => file.replace('/mnt/huge/file', name))).map(({ path }) => path),
    ['/größe', '/two  blanks ', '/a\\134b', '/back\\slash', '/long\nname'],
  )
})

t.test('what is no line of maps', async (t) => {
  t.strictSame(mapLines(octets('')), [])
  t.strictSame(
    maps(
      '',
      `x${file}`,
      ` ${file}`,
      file.replace('rw-s', 'rw-x'),
      file.replace('00:27', '0027'),
      file.replace(' 1234 ', ' inode '),
      'Size:   2048 kB',
    ),
    [],
  )
})

const area = (line: string, flags: string, size = '2048 kB') =>
  lines(line, 'Size:   4096 kB', `KernelPageSize:    ${size}`, 'MMUPageSize: 8 kB', flags)

const smaps = (...all: readonly string[]) => [...smapsAreas(octets(all.join('')))]

const tells = {
  device: '00:27',
  pageSize: 2n * M,
  isHuge: true,
  reserves: true,
}

t.test('areas of smaps', async (t) => {
  const other = '00400000-00800000 rw-p 00000000 00:10 5    /anon_hugepage (deleted)'
  t.strictSame(
    smaps(
      area('55d0c0000000-55d0c0021000 rw-p 00000000 00:00 0    [heap]', 'VmFlags: rd ht '),
      area(file, 'VmFlags: rd wr ht '),
      area(other, 'VmFlags: ht nr rd', '1048576 kB'),
    ),
    [
      ['7f0000000000', tells],
      ['00400000', { device: '00:10', pageSize: G, isHuge: true, reserves: false }],
    ],
  )
  t.strictSame(smapsAreas(octets('')), new Map())
})

t.test('areas of small pages, and such that tell less', async (t) => {
  const small = { ...tells, pageSize: 4096n, isHuge: false }
  t.strictSame(smaps(area(file, 'VmFlags: rd nh mr', '4 kB')), [['7f0000000000', small]])
  const unknown = { ...tells, pageSize: 0n, isHuge: false }
  t.strictSame(smaps(lines(file)), [['7f0000000000', unknown]])
  t.strictSame(smaps(area(file, 'xVmFlags: ht', 'x4 kB')), [['7f0000000000', unknown]])
})
