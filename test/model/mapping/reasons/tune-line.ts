import t from 'tap'
import { tuneLine } from '../../../../src/model/mapping/reasons/tune-line.ts'

t.test('a value, and a word that a shell would take apart', async (t) => {
  t.equal(tuneLine('shmmni', 5n), "'hugepool tune shmmni=5 --persist'")
  t.equal(tuneLine('shm-group', 'a b'), `"hugepool tune 'shm-group=a b' --persist"`)
})
