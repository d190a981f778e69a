import t from 'tap'
import { allAsked } from '../../../src/model/boot/asked-line.ts'
import { judgeLine } from '../../../src/model/boot/line-judgement.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { refusalOf, requestOf, type TypedLine, targetOf } from '../../helpers/generated.ts'
import { bootMachine } from '../../helpers/predicted.ts'

const machine = { ...bootMachine, hasCma: true }

/** What is said of a line that should bring what is asked. */
const judged = (line: string, words: string, typed: TypedLine = {}, series = '6.18') => {
  const target = targetOf(series, machine)
  const asked = allAsked(target, requestOf(words, typed))
  const error = judgeLine(machine, asked, predictBoot(line, target.series, machine))
  return refusalOf(() => {
    if (error !== undefined) throw error
  })
}

const right = 'it is not refused'

t.test('a line that brings what is asked', async (t) => {
  t.equal(judged('', ''), right)
  t.equal(judged('hugepagesz=1G hugepages=0:2,1:1', '1G=0:2,1:1'), right)
  t.equal(judged('hugepages=8', '2M=8'), right)
  t.equal(judged('default_hugepagesz=1G', '', { default: '1G' }), right)
  t.equal(judged('hugetlb_cma=0:1G', '', { cma: '1G=0:1' }), right)
  t.equal(judged('hugetlb_cma=3G', '', { cma: '1G=3' }), right)
})

t.test('the first thing that would be otherwise, with what the kernel says', async (t) => {
  t.equal(
    judged('hugepagesz=1G hugepages=0:3', '1G=0:3'),
    "E_REFUSED short: 3 pages of 1G on node 0 would become 2 at the start | the kernel would say 'HugeTLB: allocating 3 of page size 1.00 GiB failed node0.  Only allocated 2 hugepages.'",
  )
  t.equal(
    judged('hugepages=8', '2M=0:4,1:4 1G=1'),
    'E_REFUSED short: 1 page of 1G would become 0 at the start',
  )
  t.equal(judged('hugepages=8', ''), 'E_REFUSED short: 0 pages of 2M would become 8 at the start')
  t.equal(
    judged('hugepagesz=2M hugepages=0:4', '2M=0:4,1:4'),
    'E_REFUSED short: 4 pages of 2M on node 1 would become 0 at the start',
  )
  t.equal(
    judged('default_hugepagesz=1G', ''),
    'E_REFUSED short: 1G would become the default, and not 2M',
  )
  t.equal(
    judged('', '', { default: '1G' }),
    'E_REFUSED short: 2M would become the default, and not 1G',
  )
  t.equal(judged('hugepages', '', {}, '6.18'), 'E_REFUSED short: the kernel would not start')
})

t.test('areas of CMA', async (t) => {
  const otherwise = (text: string) =>
    `E_REFUSED short: the areas of '${text}' would not be reserved as they are asked`
  t.equal(judged('hugetlb_cma=1:1G', '', { cma: '1G=0:1' }), otherwise('1G=0:1'))
  t.equal(judged('hugetlb_cma=1G', '', { cma: '1G=2' }), otherwise('1G=2'))
  t.equal(judged('hugetlb_cma=1G', ''), otherwise(''))
})
