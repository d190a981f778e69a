import t from 'tap'
import type { Words } from '../../src/cli/command.ts'
import { typedLine } from '../../src/cli/typed-line.ts'
import { refusalOf } from '../helpers/generated.ts'
import { G, M } from '../helpers/sizes.ts'

const words = (
  operands: readonly string[],
  values: Readonly<Record<string, string>> = {},
  switches: readonly string[] = [],
): Words => ({ operands, values, switches: new Set(switches) })

const eight = { text: '2M=8', size: 2n * M, counts: { kind: 'pages', sign: '', pages: 8n } }

t.test('what a line has to bring', async (t) => {
  t.strictSame(typedLine(words(['2M=8'])), { request: { assignments: [eight] } })
  t.strictSame(typedLine(words([], { default: '1G' })), {
    request: { assignments: [], defaultSize: G },
  })
  t.strictSame(
    typedLine(words(['2M=8'], { default: '1G', hvo: 'off', cma: '1G=0:4', leave: '2G' })),
    {
      request: {
        assignments: [eight],
        defaultSize: G,
        freeVmemmap: false,
        cma: { text: '1G=0:4', total: 4n * G, nodes: new Map([[0, 4n * G]]) },
        leave: 2n * G,
      },
    },
  )
  t.strictSame(typedLine(words([], { hvo: 'on' })), {
    request: { assignments: [], freeVmemmap: true },
  })
})

t.test('a configuration, and no line at all', async (t) => {
  t.strictSame(typedLine(words([], {}, ['from-config'])), { source: { from: 'machine' } })
  t.strictSame(typedLine(words([], { config: 'a.toml' }, ['from-config'])), {
    source: { from: 'file', path: 'a.toml' },
  })
  t.equal(typedLine(words([])), undefined)
  t.equal(typedLine(words([], { line: 'ro', kernel: '6.12' }, ['check'])), undefined)
})

t.test('words that do not go together', async (t) => {
  const refused = (...of: Parameters<typeof words>) => refusalOf(() => typedLine(words(...of)))
  const out = 'leave one of both out'
  t.equal(
    refused(['2M=8'], { line: 'ro' }),
    `E_USAGE wrong-words: --line is about a line that there is, and '2M=8' asks for one | ${out}`,
  )
  t.equal(
    refused(['2M=8'], {}, ['check']),
    `E_USAGE wrong-words: --check is about a line that there is, and '2M=8' asks for one | ${out}`,
  )
  t.equal(
    refused(['2M=8'], {}, ['from-config']),
    `E_USAGE wrong-words: --from-config takes the pages of the configuration, so '2M=8' cannot | ${out}`,
  )
  t.equal(
    refused(['2M=8'], { config: 'a.toml' }),
    'E_USAGE wrong-words: --config is for --from-config',
  )
  t.match(refused([], { default: 'default' }), /^E_USAGE wrong-words: --default names the size/)
  t.match(refused([], { cma: '1G=max' }), /^E_USAGE wrong-words: '1G=max' cannot stand/)
})
