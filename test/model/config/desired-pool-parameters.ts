import t from 'tap'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { desiredPoolParameters } from '../../../src/model/config/desired-pool-parameters.ts'
import { readText } from '../../helpers/config.ts'
import { roomyMachine, targetOf } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const parametersOf = (pages: string, more = '') =>
  desiredPoolParameters(
    readText(`[pools.2M]\npages = ${pages}\nboot = true\n${more}`).pools,
    roomyMachine,
  )

const seen = (pages: string, line: string, series = '6.18') => {
  const target = targetOf(series)
  const judged = { ...target, told: predictBoot(line, target.series, target.machine) }
  return parametersOf(pages).map(({ compare }) => Object.values(compare(judged)))
}

t.test('what is wanted, and the request for it alone', async (t) => {
  const [parameter] = parametersOf('">=1:4,0:8"', 'essential = false\n')
  t.strictSame(parameter?.named, {
    attribute: 'boot',
    size: 2n * M,
    key: 'pools.2M.boot',
    wanted: '0:8,1:4',
    atLeast: true,
    essential: false,
  })
  t.strictSame(
    parameter?.request.assignments.map(({ text, size }) => [text, size]),
    [['2M=>=1:4,0:8', 2n * M]],
  )
  t.strictSame(
    parametersOf('"1G"').map(({ named }) => named),
    [
      {
        attribute: 'boot',
        size: 2n * M,
        key: 'pools.2M.boot',
        wanted: 512n,
        essential: true,
      },
    ],
  )
  t.equal(parametersOf('"0:0"')[0]?.named.wanted, 0n)
})

t.test('pools that the line is not about', async (t) => {
  const pools = (text: string) => desiredPoolParameters(readText(text).pools, roomyMachine)
  t.strictSame(pools('[pools.2M]\npages = 4\n'), [])
  t.strictSame(pools('[pools.16M]\npages = 4\nboot = true\n'), [])
  t.equal(pools('[pools.1G]\npages = 4\nboot = true\n')[0]?.named.size, G)
})

t.test('the pages that a line brings', async (t) => {
  t.strictSame(seen('8', 'ro'), [[0n, false]])
  t.strictSame(seen('8', 'hugepages=8'), [[8n, true]])
  t.strictSame(seen('8', 'hugepages=9'), [[9n, false]])
  t.strictSame(seen('8', 'hugepagesz=2M hugepages=0:8'), [[8n, true]])
  t.strictSame(seen('8', 'hugepages=8 sysctl.vm.nr_hugepages=3'), [[3n, false]])
  t.strictSame(seen('0', 'hugepages=9'), [[9n, false]])
})

t.test('nodes have what is named, and others nothing', async (t) => {
  t.strictSame(seen('"0:4,1:2"', 'hugepagesz=2M hugepages=0:4,1:2'), [['0:4,1:2', true]])
  t.strictSame(seen('"0:4,1:2"', 'hugepages=6'), [['0:3,1:3', false]])
  t.strictSame(seen('"0:4"', 'hugepagesz=2M hugepages=0:4,1:2'), [['0:4,1:2', false]])
  t.strictSame(seen('"0:4"', 'ro'), [[0n, false]])
})

t.test('at least so many', async (t) => {
  t.strictSame(seen('">=8"', 'hugepages=9'), [[9n, true]])
  t.strictSame(seen('">=8"', 'hugepages=7'), [[7n, false]])
  t.strictSame(seen('">=0:4"', 'hugepagesz=2M hugepages=0:5,1:1'), [['0:5,1:1', true]])
  t.strictSame(seen('">=0:4"', 'hugepagesz=2M hugepages=0:3,1:9'), [['0:3,1:9', false]])
})

t.test('a line without nodes is right with all of the pages', async (t) => {
  t.strictSame(seen('"0:4,1:2"', 'hugepages=6', '5.10'), [[6n, true]])
  t.strictSame(seen('"0:4,1:2"', 'hugepages=5', '5.10'), [[5n, false]])
})
