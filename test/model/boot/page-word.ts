import t from 'tap'
import { predicted } from '../../helpers/predicted.ts'

t.test('each word is read by its own rules, whichever sign is in its name', async (t) => {
  t.equal(predicted('default-hugepagesz=1G hugepages=1').pools, '1G:1(1,0) def1G')
  t.equal(predicted('hugepagesz=1G hugepages=1').pools, '1G:1(1,0)')
  t.equal(predicted('HUGEPAGES=8').pools, '')
})
