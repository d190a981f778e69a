import t from 'tap'
import { bootItems, type KernelLineFacts, wantsLine } from '../../../src/model/config/boot-items.ts'
import { readText } from '../../helpers/config.ts'
import { roomyMachine } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const facts: KernelLineFacts = {
  line: 'quiet default_hugepagesz=1G hugepagesz=2M hugepages=8 hugetlb_cma=0:2G',
  series: [6, 18],
  bootMachine: roomyMachine,
  freeVmemmap: '1\n',
}

const items = (text: string, of: Partial<KernelLineFacts> = {}) =>
  bootItems(readText(text), { ...facts, ...of })

const all =
  '[pools.2M]\npages = 8\nboot = true\n[boot]\ndefault-page-size = "1G"\nfree-vmemmap = true\ncma = "0:2G"\n'

const pool = { attribute: 'boot', size: 2n * M, key: 'pools.2M.boot', essential: true }
const named = (attribute: string) => ({ attribute, key: `boot.${attribute}`, essential: true })
const whole = "'hugepool boot --from-config' writes the whole line"
const lacks = (words: string) => ({
  state: 'next-boot',
  why: `'${words}' on the kernel command line makes it so: ${whole}`,
})

t.test('as the line of this start has it', async (t) => {
  t.strictSame(items('version = 1\n'), [])
  const bytes = { bytes: G }
  t.strictSame(items(all), [
    { ...pool, wanted: 8n, found: 8n, state: 'ok' },
    { ...named('default-page-size'), wanted: bytes, found: bytes, state: 'ok' },
    { ...named('free-vmemmap'), wanted: 'on', found: 'on', state: 'ok' },
    { ...named('cma'), wanted: '0:2G', found: '0:2G', state: 'ok' },
  ])
})

t.test('what only another line brings, with its words', async (t) => {
  t.strictSame(items(all, { line: 'quiet', freeVmemmap: undefined }), [
    { ...pool, wanted: 8n, found: 0n, ...lacks('hugepagesz=2M hugepages=8') },
    {
      ...named('default-page-size'),
      wanted: { bytes: G },
      found: { bytes: 2n * M },
      ...lacks('default_hugepagesz=1G'),
    },
    { ...named('free-vmemmap'), wanted: 'on', found: 'off', ...lacks('hugetlb_free_vmemmap=on') },
    { ...named('cma'), wanted: '0:2G', found: 'none', ...lacks('hugetlb_cma=0:2G') },
  ])
})

t.test('the memory that the configuration leaves', async (t) => {
  const [item] = items('leave = "15G"\n[pools.1G]\npages = 2\nboot = true\n')
  t.match(item?.why, /^2 pages of 1G would leave less than 15G of the 16G/)
  t.equal(item?.state, 'next-boot')
})

t.test('page structs as the kernel shows them', async (t) => {
  const found = (freeVmemmap: string | undefined) =>
    items('[boot]\nfree-vmemmap = false\n', { freeVmemmap }).map((item) => [item.found, item.state])
  t.strictSame(found(undefined), [['off', 'ok']])
  t.strictSame(found('0\n'), [['off', 'ok']])
  t.strictSame(found('1\n'), [['on', 'next-boot']])
})

t.test('a line or a kernel that cannot be seen', async (t) => {
  const unknown = { state: 'unknown', why: 'the kernel does not show it' }
  const text = '[pools.2M]\npages = 8\nboot = true\n[boot]\ncma = "1G"\n'
  const told = [
    { ...pool, wanted: 8n, ...unknown },
    { ...named('cma'), wanted: '1G', ...unknown },
  ]
  t.strictSame(items(text, { line: undefined }), told)
  t.strictSame(items(text, { series: undefined }), told)
})

t.test('whether a line matters at all', async (t) => {
  const wants = (text: string) => wantsLine(readText(text))
  t.equal(wants('[pools.2M]\npages = 8\n'), false)
  t.equal(wants('[pools.2M]\npages = 8\nboot = true\n'), true)
  t.equal(wants('[boot]\ncma = "1G"\n'), true)
})

t.test('as the next boot has it, where the boot loader shows that', async (t) => {
  const pages = '[pools.2M]\npages = 8\nboot = true\n'
  const one = (line: string, nextLine: string) => items(pages, { line, nextLine })
  const known = { ...pool, wanted: 8n }
  t.strictSame(one('hugepages=8', 'hugepages=8 quiet'), [{ ...known, found: 8n, state: 'ok' }])
  t.strictSame(one('quiet', 'hugepages=8'), [
    { ...known, found: 0n, state: 'next-boot', why: 'the next boot brings it' },
  ])
  const { state, why } = lacks('hugepagesz=2M hugepages=8')
  t.strictSame(one('quiet', 'ro'), [{ ...known, found: 0n, state, why }])
  t.strictSame(one('hugepages=8', 'ro'), [
    { ...known, found: 8n, state, why: `the line of the next boot does not bring it: ${why}` },
  ])
})
