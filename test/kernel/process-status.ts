import t from 'tap'
import {
  capabilitiesIn,
  capableByStatus,
  commandIn,
  effectiveId,
  kilobytesIn,
  readStatus,
  statusLine,
} from '../../src/kernel/process-status.ts'
import { asOctets } from '../../src/model/etc/octets.ts'
import { fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'

const status = asOctets(
  'Name:\t gr\xc3\xb6\xc3\x9fe \nPid:\t77\nVmRSS:\t    1024 kB\nGroups:\t\nHugetlbPages:\t       0 kB\n',
)

t.test('lines of a status', async (t) => {
  t.equal(statusLine(status, 'Pid'), '77')
  t.equal(statusLine(status, 'Name'), ' gr\xc3\xb6\xc3\x9fe ', 'octets, with the blanks of a name')
  t.equal(statusLine(status, 'Groups'), '', 'an empty one does not go on in the next line')
  t.equal(statusLine(status, 'CapEff'), undefined)
  t.equal(statusLine(asOctets('VPid:\t7\n'), 'Pid'), undefined, 'whole names only')
  const forged = asOctets('Name:\tx\rUid:\t7\nUid:\t0\n')
  t.equal(statusLine(forged, 'Uid'), '0', 'a name with a carriage return makes no line')
  t.equal(statusLine(forged, 'Name'), 'x\rUid:\t7')
})

t.test('amounts of memory', async (t) => {
  t.equal(kilobytesIn(status, 'VmRSS'), 1024n * 1024n)
  t.equal(kilobytesIn(status, 'HugetlbPages'), 0n)
  t.equal(kilobytesIn(status, 'Pid'), undefined)
  t.equal(kilobytesIn(status, 'VmSwap'), undefined)
  for (const value of ['5 kB x', 'x 5 kB', '5 MB', '5', ' kB'])
    t.equal(kilobytesIn(asOctets(`VmSwap:\t${value}\n`), 'VmSwap'), undefined, value)
})

t.test('of this process, or of another', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/77/status', 'Pid:\t77\n')
  t.equal(statusLine(readStatus(kernel), 'Pid'), '4242')
  t.equal(readStatus(kernel, '77'), 'Pid:\t77\n')
  t.equal(readStatus(kernel, '78'), '', 'gone')
})

t.test('who a process is', async (t) => {
  const one = asOctets(
    'Name:\ta\\nb\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nCapEff:\t00000000000040f0\nCapBnd:\tff\n',
  )
  t.strictSame([effectiveId(one, 'Uid'), effectiveId(one, 'Gid')], [2n, 6n])
  t.strictSame([capabilitiesIn(one), capabilitiesIn(one, 'CapBnd')], [0x40f0n, 0xffn])
  t.equal(capableByStatus(one, 'CAP_IPC_LOCK'), true)
  t.equal(capableByStatus(one, 'CAP_SYS_ADMIN'), false)
  t.equal(capableByStatus(asOctets(''), 'CAP_SYS_ADMIN'), undefined)
  t.equal(commandIn(one), 'a\nb')
  t.equal(commandIn(asOctets('Pid:\t1\n')), '?')
})

t.test('ids and capabilities that are none', async (t) => {
  for (const line of ['', '1', '1\t2', 'x\t2\t3', '1\tx\t3', '1 2 3'])
    t.equal(effectiveId(asOctets(`Uid:\t${line}\n`), 'Uid'), undefined, line)
  for (const line of ['', 'x', '0x10', '10 '])
    t.equal(capabilitiesIn(asOctets(`CapEff:\t${line}\n`)), undefined, line)
  t.equal(capabilitiesIn(asOctets('CapBnd:\t1\n')), undefined)
})
