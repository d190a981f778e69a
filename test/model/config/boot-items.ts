import t from 'tap'
import { bootItems, type KernelLineFacts } from '../../../src/model/config/boot-items.ts'
import type { ConfiguredBoot } from '../../../src/model/config/configuration.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const facts: KernelLineFacts = {
  machine: { pools: [poolOf(2n * M, { isDefault: true }), poolOf(G)] },
  commandLine: 'quiet hugetlb_cma=1G xhugetlb_cma=9G hugetlb-cma=0:2G\n',
  freeVmemmap: '1\n',
}

const named = (attribute: string) => ({ attribute, key: `boot.${attribute}`, essential: true })
const items = (boot: ConfiguredBoot, of: Partial<KernelLineFacts> = {}) =>
  bootItems(boot, { ...facts, ...of })

t.test('as this start of the machine has it', async (t) => {
  t.strictSame(items({}), [])
  t.strictSame(items({ defaultPageSize: 2n * M, freeVmemmap: true, cma: '0:2G' }), [
    {
      ...named('default-page-size'),
      wanted: { bytes: 2n * M },
      found: { bytes: 2n * M },
      state: 'ok',
    },
    { ...named('free-vmemmap'), wanted: 'on', found: 'on', state: 'ok' },
    { ...named('cma'), wanted: '0:2G', found: '0:2G', state: 'ok' },
  ])
})

t.test('what only another start brings', async (t) => {
  const next = { state: 'next-boot', why: 'the kernel command line decides' }
  t.strictSame(items({ defaultPageSize: G, freeVmemmap: false, cma: '1G' }), [
    { ...named('default-page-size'), wanted: { bytes: G }, found: { bytes: 2n * M }, ...next },
    { ...named('free-vmemmap'), wanted: 'off', found: 'on', ...next },
    { ...named('cma'), wanted: '1G', found: '0:2G', ...next },
  ])
  t.strictSame(items({ cma: '1G' }, { commandLine: 'quiet' }), [
    { ...named('cma'), wanted: '1G', found: 'none', ...next },
  ])
})

t.test('a kernel without the file frees nothing', async (t) => {
  const found = (freeVmemmap: string | undefined) =>
    items({ freeVmemmap: false }, { freeVmemmap }).map(({ found: is, state }) => [is, state])
  t.strictSame(found(undefined), [['off', 'ok']])
  t.strictSame(found('0\n'), [['off', 'ok']])
  t.strictSame(found('1\n'), [['on', 'next-boot']])
})

t.test('what the kernel does not show is unknown', async (t) => {
  const bare = { machine: { pools: [] }, commandLine: undefined }
  t.strictSame(items({ defaultPageSize: G, cma: '1G' }, bare), [
    {
      ...named('default-page-size'),
      wanted: { bytes: G },
      state: 'unknown',
      why: 'the kernel does not show it',
    },
    { ...named('cma'), wanted: '1G', state: 'unknown', why: 'the kernel does not show it' },
  ])
})
