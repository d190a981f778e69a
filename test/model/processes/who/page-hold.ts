import t from 'tap'
import { deviceIn, holdKinds, inodeIn } from '../../../../src/model/processes/who/page-hold.ts'

t.test('the kinds of holds in the order of a table', async (t) => {
  t.equal(holdKinds.join(), 'mapping,descriptor,file,segment,mount,reservation,buffer,unexplained')
})

t.test('the device and the inode in a key', async (t) => {
  const key = '00:1f:12345678901234567890'
  t.equal(deviceIn(key), '00:1f')
  t.equal(inodeIn(key), 12345678901234567890n)
  const segment = '00:10:3@ipc:[4026531839]'
  t.equal(deviceIn(segment), '00:10')
  t.equal(inodeIn(segment), 3n)
  t.equal(inodeIn('?:3@ipc:[1]'), 0n, 'one whose device was not seen')
  t.equal(inodeIn('aa:bb:cc:5'), 0n)
})
