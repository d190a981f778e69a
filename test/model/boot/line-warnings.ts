import t from 'tap'
import { allAsked } from '../../../src/model/boot/asked-line.ts'
import { lineWarnings } from '../../../src/model/boot/line-warnings.ts'
import { requestOf, roomyMachine, type TypedLine, targetOf } from '../../helpers/generated.ts'
import { G } from '../../helpers/sizes.ts'

const warnings = (words: string, typed: TypedLine = {}, target = targetOf('6.18')) =>
  lineWarnings(target, allAsked(target, requestOf(words, typed)), typed.beside ?? '')

t.test('gigantic pages of named nodes are not exact before 6.15', async (t) => {
  const inexact =
    "Linux 6.14 may take pages of 1G from other nodes than the named ones, and says nothing: 'hugepool apply' corrects them"
  t.strictSame(warnings('1G=0:1 2M=0:4', {}, targetOf('6.14')), [inexact])
  t.strictSame(warnings('1G=0:1', {}, targetOf('6.15')), [])
  t.strictSame(warnings('1G=1 2M=0:4', {}, targetOf('6.14')), [])
  const one = { ...roomyMachine, nodes: [{ node: 0, memory: 8n * G }] }
  t.strictSame(warnings('1G=0:1', {}, targetOf('6.14', one)), [])
})

t.test('what stands beside on the line', async (t) => {
  const crash = /^hugetlb_cma stands beside crashkernel: /
  const beside = 'ro crashkernel=512M quiet'
  t.match(warnings('', { cma: '1G=1', beside })[0], crash)
  t.strictSame(warnings('2M=1', { beside }), [])
  t.strictSame(warnings('', { cma: '1G=1', beside: 'ro -- crashkernel=1G' }), [])
  const sysctl = [
    "'sysctl.vm/nr_hugepages=8' stands on the line too: it changes the pool of the default size once more when the kernel has started",
  ]
  t.strictSame(warnings('2M=1', { beside: 'ro sysctl.vm/nr_hugepages=8' }), sysctl)
  t.strictSame(warnings('', { beside: 'ro sysctl.vm/nr_hugepages=8' }), [])
  t.strictSame(warnings('2M=1', { beside: 'sysctl.vm.nr_overcommit_hugepages=8' }), [])
})
