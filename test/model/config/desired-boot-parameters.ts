import t from 'tap'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import type { ConfiguredBoot } from '../../../src/model/config/configuration.ts'
import { desiredBootParameters } from '../../../src/model/config/desired-boot-parameters.ts'
import { targetOf } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const seen = (boot: ConfiguredBoot, line: string, freesNow = false) => {
  const target = targetOf('6.18')
  const judged = { ...target, told: predictBoot(line, target.series, target.machine) }
  return desiredBootParameters(boot, freesNow).map(({ compare }) => Object.values(compare(judged)))
}

t.test('what is wanted, and the request for it alone', async (t) => {
  const parameters = desiredBootParameters(
    { defaultPageSize: G, freeVmemmap: true, cma: '0:2G' },
    false,
  )
  const essential = true
  t.strictSame(
    parameters.map(({ named, request }) => ({ ...named, request })),
    [
      {
        attribute: 'default-page-size',
        key: 'boot.default-page-size',
        wanted: { bytes: G },
        essential,
        request: { assignments: [], defaultSize: G },
      },
      {
        attribute: 'free-vmemmap',
        key: 'boot.free-vmemmap',
        wanted: 'on',
        essential,
        request: { assignments: [], freeVmemmap: true },
      },
      {
        attribute: 'cma',
        key: 'boot.cma',
        wanted: '0:2G',
        essential,
        request: {
          assignments: [],
          cma: { text: '0:2G', total: 2n * G, nodes: new Map([[0, 2n * G]]) },
        },
      },
    ],
  )
  t.strictSame(desiredBootParameters({}, true), [])
})

t.test('the default page size', async (t) => {
  t.strictSame(seen({ defaultPageSize: G }, 'ro'), [[{ bytes: 2n * M }, false]])
  t.strictSame(seen({ defaultPageSize: G }, 'default_hugepagesz=1G'), [[{ bytes: G }, true]])
})

t.test('a word for page structs holds, and without one what the kernel does', async (t) => {
  t.strictSame(seen({ freeVmemmap: true }, 'ro'), [['off', false]])
  t.strictSame(seen({ freeVmemmap: true }, 'ro', true), [['on', true]])
  t.strictSame(seen({ freeVmemmap: true }, 'hugetlb_free_vmemmap=off', true), [['off', false]])
  t.strictSame(seen({ freeVmemmap: false }, 'hugetlb_free_vmemmap=0', true), [['off', true]])
})

t.test('areas of CMA, as they are reserved', async (t) => {
  t.strictSame(seen({ cma: '0:2G' }, 'ro'), [['none', false]])
  t.strictSame(seen({ cma: '0:2G' }, 'hugetlb-cma=0:2048M'), [['0:2G', true]])
  t.strictSame(seen({ cma: '0:2G' }, 'hugetlb_cma=1:2G'), [['1:2G', false]])
  t.strictSame(seen({ cma: '0:2G' }, 'hugetlb_cma=0:2G,1:1G'), [['0:2G,1:1G', false]])
  t.strictSame(seen({ cma: '2G' }, 'hugetlb_cma=1:1G,0:1G'), [['2G', true]])
  t.strictSame(seen({ cma: '2G' }, 'hugetlb_cma=3G'), [['3G', false]])
  t.strictSame(seen({ cma: '0' }, 'ro'), [['none', true]])
  t.strictSame(seen({ cma: '0:2G,1:0' }, 'hugetlb_cma=0:2G'), [['0:2G', true]], 'none on node 1')
  t.strictSame(seen({ cma: '0:1G,1:1G' }, 'hugetlb_cma=0:2G'), [['0:2G', false]])
})
