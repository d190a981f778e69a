import t from 'tap'
import { cmaOfAssignment, cmaOfWord } from '../../../src/model/boot/cma-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { refusalOf } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('areas as pages of a size', async (t) => {
  const of = (text: string) => cmaOfAssignment(parseAssignment(text))
  t.strictSame(of('1G=0:4,1:2'), {
    text: '1G=0:4,1:2',
    total: 6n * G,
    nodes: new Map([
      [0, 4n * G],
      [1, 2n * G],
    ]),
  })
  t.strictSame(of('2M=3'), { text: '2M=3', total: 6n * M })
  t.strictSame(of('1G=2G'), { text: '1G=2G', total: 2n * G })
  t.match(
    refusalOf(() => of('1G=0:25%')),
    /^E_USAGE wrong-words: '1G=0:25%' cannot stand on a kernel command line: a share/,
  )
  t.equal(
    refusalOf(() => of('default=4')),
    "E_USAGE wrong-words: 'default=4' names no page size | areas of CMA are written as 1G=0:4",
  )
})

t.test('areas as the kernel has them', async (t) => {
  t.strictSame(cmaOfWord('0:2G,3:512M'), {
    text: '0:2G,3:512M',
    total: 2n * G + 512n * M,
    nodes: new Map([
      [0, 2n * G],
      [3, 512n * M],
    ]),
  })
  t.strictSame(cmaOfWord('4G'), { text: '4G', total: 4n * G })
  t.strictSame(cmaOfWord('1048576'), { text: '1048576', total: M })
})
