import t from 'tap'
import { pagesOnLine, sysctlsOnLine } from '../../../src/model/boot/pages-on-line.ts'
import { roomyMachine, targetOf } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const on = (line: string, series = '6.12', machine = roomyMachine) => [
  ...pagesOnLine(`BOOT_IMAGE=/vmlinuz ${line}\n`, targetOf(series, machine)),
]

t.test('the pages that a command line asks for', async (t) => {
  t.strictSame(on(''), [])
  t.strictSame(on('hugepages=256'), [[2n * M, 256n]])
  t.strictSame(on('hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=0:5,1:3'), [
    [2n * M, 8n],
    [G, 2n],
  ])
  t.strictSame(on('hugepages=2 default_hugepagesz=1G'), [[G, 2n]])
  t.strictSame(on('hugepages= hugepages=4'), [])
  t.strictSame(on('quiet -- hugepages=5'), [])
})

t.test('as this kernel reads it', async (t) => {
  t.strictSame(on('hugepagesz=2M hugepages=7:4'), [], 'there is no such node')
  t.strictSame(on('hugepagesz=2M hugepages=1:4', '5.10'), [[2n * M, 1n]])
  t.strictSame(on('hugetlb_cma=1G hugepagesz=1G hugepages=1'), [])
})

t.test('whether there is memory does not show', async (t) => {
  t.strictSame(on('hugepagesz=1G hugepages=5000'), [[G, 5000n]])
  t.strictSame(on('hugepagesz=1G hugepages=1:5000'), [[G, 5000n]])
  const nodes = [
    { node: 0, memory: G },
    { node: 1, memory: 0n },
  ]
  t.strictSame(on('hugepagesz=2M hugepages=0:4,1:5', '6.12', { ...roomyMachine, nodes }), [
    [2n * M, 4n],
  ])
  const unseen = { ...roomyMachine, nodes: [{ node: 0, memory: 0n }] }
  t.strictSame(on('hugepages=5', '6.12', unseen), [[2n * M, 5n]])
})

t.test('sysctls of the line are told apart', async (t) => {
  t.strictSame(on('hugepages=5 sysctl.vm.nr_hugepages=8'), [[2n * M, 5n]])
  const sysctls = (line: string, series = '6.12') => sysctlsOnLine(line, targetOf(series))
  const line = 'ro sysctl.vm.nr_hugepages=8 sysctl.vm/x=1 sysctl.a -- sysctl.b=2'
  t.equal(sysctls(line), 'vm.nr_hugepages=8\nvm/x=1')
  t.equal(sysctls(line, '5.7'), '')
})
