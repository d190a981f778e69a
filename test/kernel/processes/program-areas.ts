import t from 'tap'
import { areasIn } from '../../../src/kernel/processes/program-areas.ts'
import { asOctets } from '../../../src/model/etc/octets.ts'

t.test('the areas of a process', async (t) => {
  const lines = [
    '1000-3000 rw-p 00000000 00:00 0 [heap]',
    '4000-9000 rw-p 00000000 00:00 0 ',
    '10000-90000 ---p 00000000 00:00 0 ',
    '90000-f0000 rw-p 00000000 fd:01 7 /usr/lib/x.so',
    'f0000-f1000 rw-s 00000000 00:01 5 /dev/zero (deleted)',
    'f1000-f4000 rw-s 00000000 00:01 6 /SYSV0000abcd (deleted)',
    'f4000-fa000 rw-s 00000000 00:01 6 /dev/shm/x',
    '200000-400000 rw-p 00000000 00:10 8 /anon_hugepage (deleted)',
    '400000-800000 rw-s 00000000 00:10 9 /anon_hugepage (deleted)',
  ]
  t.strictSame(areasIn(asOctets(`${lines.join('\n')}\n`)), {
    huge: 0x600000n,
    largestPrivate: 0x5000n,
    largestShared: 0x3000n,
  })
  t.strictSame(areasIn(asOctets('')), { huge: 0n, largestPrivate: 0n, largestShared: 0n })
})
