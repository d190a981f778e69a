import t from 'tap'
import { areasAsked } from '../../../src/model/boot/asked-areas.ts'
import type { BootMachine } from '../../../src/model/boot/boot-machine.ts'
import { cmaOfWord } from '../../../src/model/boot/cma-request.ts'
import { refusalOf, roomyMachine, targetOf } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const asked = (text: string, series = '6.18', machine?: BootMachine) =>
  areasAsked(targetOf(series, machine), cmaOfWord(text))
const refused = (...of: Parameters<typeof asked>) => refusalOf(() => asked(...of))

t.test('areas in one order, without nodes that have none', async (t) => {
  t.strictSame(asked('4G', '5.7'), cmaOfWord('4G'))
  const areas = asked('1:2G,0:1G')
  t.strictSame(
    [...(areas?.nodes ?? [])],
    [
      [0, G],
      [1, 2n * G],
    ],
  )
  t.strictSame([...(asked('0:0,1:2G')?.nodes ?? [])], [[1, 2n * G]])
  t.equal(asked('0', '5.6'), undefined)
  t.equal(asked('7:0', '5.6'), undefined)
})

t.test('kernels that have none', async (t) => {
  t.equal(
    refused('4G', '5.6'),
    'E_UNSUPPORTED no-feature: Linux 5.6 has no hugetlb_cma: 5.7 is the first that does',
  )
  t.equal(
    refused('4G', '6.18', { ...roomyMachine, hasCma: false }),
    'E_UNSUPPORTED no-feature: this kernel has no CMA, so that hugetlb_cma would reserve nothing | CONFIG_CMA makes it: /proc/meminfo then has a line CmaTotal',
  )
  t.equal(
    refused('0:4G', '5.15'),
    'E_UNSUPPORTED no-feature: Linux 5.15 takes no nodes in hugetlb_cma: 5.16 is the first that does | name the pages without a node, and the kernel spreads them',
  )
})

t.test('areas that cannot be made here', async (t) => {
  t.equal(
    refused('4G', '6.18', { ...roomyMachine, sizes: [2n * M] }),
    'E_UNSUPPORTED no-size: this machine has no gigantic pages, for which CMA is',
  )
  const parts = '1536M is not a whole number of 1G pages | the nearest amounts are 1G and 2G'
  t.equal(refused('1536M'), `E_USAGE not-whole: ${parts}`)
  t.equal(refused('0:1536M,1:1G'), `E_USAGE not-whole: ${parts}`)
  t.equal(
    refused('0:1G,5:1G'),
    'E_UNSUPPORTED no-node: there is no node 5 here | memory is on nodes 0-1',
  )
})
