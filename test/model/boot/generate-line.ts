import t from 'tap'
import { splitLine } from '../../../src/model/boot/command-line.ts'
import { type GeneratedLine, generateLine } from '../../../src/model/boot/generate-line.ts'
import { formatSize } from '../../../src/model/words/page-size.ts'
import { generated, refusalOf, roomyMachine } from '../../helpers/generated.ts'
import {
  type Asked,
  allSeries,
  bootMachines,
  pagesIn,
  possibleLines,
  typedRequest,
} from '../../helpers/line-requests.ts'
import * as fc from '../../helpers/property.ts'
import { G } from '../../helpers/sizes.ts'

t.test('words for the kernels that there are', async (t) => {
  const words = '2M=512 1G=1:2,0:2'
  const line =
    'default_hugepagesz=1G hugepagesz=1G hugepages=0:2,1:2 hugepagesz=2M hugepages=512 hugetlb_free_vmemmap=on'
  t.equal(generated(words, { default: '1G', hvo: true }), line)
  t.equal(
    generated(words, { default: '1G', hvo: true }, '6.12'),
    `${line} | Linux 6.12 may take pages of 1G from other nodes than the named ones, and says nothing: 'hugepool apply' corrects them`,
  )
  t.match(generated(words, {}, '5.10'), /^E_UNSUPPORTED no-feature: Linux 5\.10 takes no nodes/)
  t.equal(generated('', { cma: '1G=0:4' }), 'hugetlb_cma=0:4G')
  t.equal(generated('', {}), '')
  t.match(
    generated('2M=4', { cma: '1G=4', beside: 'crashkernel=1G' }),
    /^hugepagesz=2M hugepages=4 hugetlb_cma=4G \| hugetlb_cma stands beside crashkernel/,
  )
})

t.test('what leaves too little memory, and what would come out otherwise', async (t) => {
  t.match(generated('1G=16'), /^E_REFUSED margin: 16 pages of 1G would leave less/)
  t.equal(generated('1G=16', { leave: '0' }), 'hugepagesz=1G hugepages=16')
  const broken = {
    ...roomyMachine,
    nodes: roomyMachine.nodes.map((node) => ({ ...node, fits: new Map([[G, 2n]]) })),
  }
  t.match(
    generated('1G=0:3', {}, '6.18', broken),
    /^E_REFUSED short: 3 pages of 1G on node 0 would become 2 at the start \| the kernel would say/,
  )
  t.match(
    generated('1G=0:3', {}, '6.12', broken),
    /^E_REFUSED short: 3 pages of 1G on node 0 would become 2 at the start$/,
    'the third comes from the other node',
  )
})

/** What a prediction differs in from what is asked. */
const differences = ({ machine, words, typed }: Asked, { prediction }: GeneratedLine) => {
  const asked = new Map(words.map((word) => [pagesIn(word).name, pagesIn(word)]))
  const pools = prediction.pools.flatMap(({ size, total, nodes }) => {
    const { total: wanted = 0n, byNode } = asked.get(formatSize(size)) ?? {}
    const off = nodes.filter(
      (on) => byNode !== undefined && on.total !== (byNode.get(on.node) ?? 0n),
    )
    return total === wanted && off.length === 0 ? [] : [formatSize(size)]
  })
  const area = typed.cma === undefined ? undefined : pagesIn(typed.cma)
  const unit = machine.sizes.reduce((a, b) => (a > b ? a : b))
  const reserved = [...prediction.areas.values()].reduce((sum, bytes) => sum + bytes, 0n)
  return [
    ...pools,
    ...(prediction.defaultSize === (typed.defaultSize ?? machine.usualSize) ? [] : ['default']),
    ...(reserved === (area?.total ?? 0n) * unit ? [] : ['areas']),
    ...[...(area?.byNode ?? [])].flatMap(([node, pages]) =>
      (prediction.areas.get(node) ?? 0n) === pages * unit ? [] : [`area on ${node}`],
    ),
    ...prediction.words.filter(({ result }) => result !== 'used').map(({ word }) => word.text),
    ...(prediction.boots ? [] : ['it does not start']),
  ]
}

t.test('on every series and machine it comes to what is asked', async (t) => {
  fc.assert(
    fc.property(possibleLines, (asked) => {
      const line = generateLine(asked, typedRequest(asked))
      return differences(asked, line).length === 0
    }),
    { numRuns: 600 },
  )
  t.pass()
})

t.test('the words are those of the kernel, and the same for the same request', async (t) => {
  fc.assert(
    fc.property(possibleLines, (asked) => {
      const { words } = generateLine(asked, typedRequest(asked))
      const read = splitLine(words.join(' '))
      const turned = { ...asked, words: [...asked.words].reverse() }
      const again = generateLine(asked, typedRequest({ ...asked, words: assignmentsIn(words) }))
      return (
        read.forInit.length === 0 &&
        read.words.every(({ text, value }, at) => text === words[at] && value !== undefined) &&
        words.join(' ') === generateLine(asked, typedRequest(turned)).words.join(' ') &&
        words.join(' ') === again.words.join(' ')
      )
    }),
    { numRuns: 200 },
  )
  t.pass()
})

/** The assignments that pairs of words mean. */
const assignmentsIn = (words: readonly string[]): readonly string[] =>
  words.flatMap((word, at) => {
    const [, size] = /^hugepagesz=(.*)/.exec(word) ?? []
    return size === undefined ? [] : [`${size}=${words[at + 1]?.slice('hugepages='.length)}`]
  })

t.test('what cannot be had is refused, and never comes to something else', async (t) => {
  const counts = fc.oneof(
    fc.nat(40).map(String),
    fc.bigInt({ min: 0n, max: 2n ** 40n }).map(String),
    fc
      .uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 })
      .chain((nodes) => fc.tuple(...nodes.map((node) => fc.nat(20).map((n) => `${node}:${n}`))))
      .map((parts) => parts.join(',')),
    fc.constantFrom('max', '25%', '+1', '0:-1'),
  )
  const word = fc
    .tuple(fc.constantFrom('2M', '1G', '2M', '1G', '64K', '16G'), counts)
    .map(([size, count]) => `${size}=${count}`)
  let kept = 0
  const any = fc.record({
    series: fc.constantFrom(...allSeries),
    machine: bootMachines,
    words: fc.array(word, { maxLength: 2 }),
    typed: fc.record({ cma: word }, { requiredKeys: [] }),
  })
  fc.assert(
    fc.property(any, (asked) => {
      let line: GeneratedLine | undefined
      const refusal = refusalOf(() => {
        line = generateLine(asked, typedRequest(asked))
      })
      if (line === undefined) return /^E_(?:USAGE|UNSUPPORTED|REFUSED) /.test(refusal)
      kept += 1
      return line.prediction.words.every(({ result }) => result === 'used')
    }),
    { numRuns: 400 },
  )
  t.ok(kept > 10, `${kept}`)
})
