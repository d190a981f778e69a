import t from 'tap'
import { asOctets, octets } from '../../../src/model/etc/octets.ts'
import { nameInComm, nameInStatus, processName } from '../../../src/model/processes/process-name.ts'

const named = (bytes: string) => processName(asOctets(bytes))

t.test('names are UTF-8', async (t) => {
  t.equal(processName(octets('qemu-kvm')), 'qemu-kvm')
  t.equal(processName(octets('größe-日本')), 'größe-日本')
  t.equal(named(''), '')
})

t.test('a character that the kernel cut through is left out', async (t) => {
  t.equal(named('abcdefghijklmn\xc3'), 'abcdefghijklmn')
  t.equal(named('abcdefghijklm\xe6\x97'), 'abcdefghijklm')
  t.equal(named('abcdefghijkl\xf0\x9f\x98'), 'abcdefghijkl')
  t.equal(named('abcdefghijklm\xc3\xb6'), 'abcdefghijklmö', 'one that just fits stays')
  t.equal(named('abcdefghijkl\xe6\x97\xa5'), 'abcdefghijkl日')
})

t.test('what is not UTF-8 for other reasons is told as it is', async (t) => {
  t.equal(named('a\xc3'), 'a\\303', 'a short name was not cut')
  t.equal(named('\xff\xfe'), '\\377\\376')
  t.equal(named('\xffabcdefghijklmn'), '\\377abcdefghijklmn')
})

t.test('what /proc/PID/status escapes', async (t) => {
  const of = (line: string) => nameInStatus(asOctets(line))
  t.equal(of('a\\nb\\\\c\td'), 'a\nb\\c\td')
  t.equal(of('\\\\n'), '\\n', 'undone once')
  t.equal(of('\\x'), '\\x', 'nothing else')
})

t.test('the newline behind a name is none of it', async (t) => {
  const of = (text: string) => nameInComm(asOctets(text))
  t.equal(of('qemu\n'), 'qemu')
  t.equal(of('a\nb\n\n'), 'a\nb\n', 'one is taken away')
  t.equal(of('qemu'), 'qemu')
})
