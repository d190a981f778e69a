import t from 'tap'
import { configuredLine, poolOnLine } from '../../../src/model/config/configured-line.ts'
import { readText } from '../../helpers/config.ts'
import { roomyMachine } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const request = (text: string) => configuredLine(readText(text), roomyMachine)
const pages = (count: bigint) => ({ kind: 'pages' as const, sign: '' as const, pages: count })

t.test('pools with boot = true, and the table [boot]', async (t) => {
  t.strictSame(request('version = 1\n'), { assignments: [] })
  t.strictSame(
    request(
      'leave = "2G"\n[pools.1G]\npages = "0:2,1:1"\nboot = true\n[pools.2M]\npages = 4\n[boot]\ndefault-page-size = "1G"\nfree-vmemmap = false\ncma = "2G"\n',
    ),
    {
      assignments: [
        {
          text: '1G=0:2,1:1',
          size: G,
          counts: [
            { node: 0, count: pages(2n) },
            { node: 1, count: pages(1n) },
          ],
        },
      ],
      defaultSize: G,
      freeVmemmap: false,
      cma: { text: '2G', total: 2n * G },
      leave: 2n * G,
    },
  )
})

const assignments = (text: string) => request(text).assignments

t.test('at least so many pages are so many on the line', async (t) => {
  t.strictSame(assignments('[pools.2M]\npages = ">=8"\nboot = true\n'), [
    { text: '2M=>=8', size: 2n * M, counts: pages(8n) },
  ])
})

t.test('no pages, no words', async (t) => {
  t.strictSame(assignments('[pools.2M]\novercommit = 4\nboot = true\n'), [])
  t.strictSame(assignments('[pools.2M]\npages = 4\nboot = false\n'), [])
})

t.test('what is optional is left out where the machine lacks it', async (t) => {
  const optional = 'boot = true\noptional = true\n'
  t.strictSame(assignments(`[pools.16M]\npages = 4\n${optional}`), [])
  t.strictSame(assignments(`[pools.2M]\npages = "0:4,7:8"\n${optional}`)[0]?.counts, [
    { node: 0, count: pages(4n) },
  ])
  t.equal(assignments('[pools.16M]\npages = 4\nboot = true\n').length, 1)
  const [named] = readText('[pools.2M]\npages = "0:4,7:8"\nboot = true\n').pools
  const counts = named && poolOnLine(named, roomyMachine)?.counts
  t.equal(Array.isArray(counts) && counts.length, 2)
})
