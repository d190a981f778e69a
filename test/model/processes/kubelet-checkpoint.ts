import t from 'tap'
import { asOctets } from '../../../src/model/etc/octets.ts'
import { poolsCounted } from '../../../src/model/processes/kubelet-checkpoint.ts'
import { G, M } from '../../helpers/sizes.ts'

const counted = (text: string) => poolsCounted(asOctets(text))

t.test('the pools of all nodes together', async (t) => {
  const node = (small: number, large: number) => ({
    memoryMap: {
      memory: { total: 5 },
      smallpages2Mi: { total: 7 },
      'hugepages-2Mi': { total: small, free: 1 },
      'hugepages-1Gi': { total: large },
    },
  })
  const machineState = { 0: node(4194304, 0), 1: node(2097152, 1073741824) }
  t.strictSame(
    counted(JSON.stringify({ policyName: 'Static', machineState })),
    new Map([
      [2n * M, 6n * M],
      [G, G],
    ]),
  )
})

t.test('what tells of no pools', async (t) => {
  const texts = [
    '',
    'null',
    '{"policyName":"None"}',
    '{"machineState":5}',
    '{"machineState":{"0":null}}',
    '{"machineState":{"0":{"memoryMap":{"hugepages-odd":{"total":5},"hugepages-2Mi":{"total":"5"}}}}}',
  ]
  t.strictSame(
    texts.map(counted),
    texts.map(() => undefined),
  )
})
