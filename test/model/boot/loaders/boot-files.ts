import t from 'tap'
import { assigned, textsIn } from '../../../../src/model/boot/loaders/boot-files.ts'
import { octets } from '../../../../src/model/etc/octets.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

t.test('the texts of one directory, by name', async (t) => {
  const files = bootFiles({ '/d/b.conf': 'b', '/d/a.conf': 'a', '/d/c': 'c', '/d/e/x.conf': 'x' })
  t.strictSame(textsIn(files, '/d', '.conf'), [
    ['/d/a.conf', octets('a')],
    ['/d/b.conf', octets('b')],
  ])
})

t.test('values of assignments', async (t) => {
  const text = 'NAME="a b"\nID=debian\nVERSION_ID=\'12\'\n'
  t.equal(assigned(text, 'NAME'), 'a b')
  t.equal(assigned(text, 'ID'), 'debian')
  t.equal(assigned(text, 'VERSION_ID'), '12')
  t.equal(assigned(text, 'ION_ID'), undefined)
})
