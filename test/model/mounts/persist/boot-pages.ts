import t from 'tap'
import {
  type BootFacts,
  lackingAtStart,
  lackingHint,
  lackingWords,
} from '../../../../src/model/mounts/persist/boot-pages.ts'
import { targetOf } from '../../../helpers/generated.ts'
import { huge } from '../../../helpers/persist.ts'
import { G, M } from '../../../helpers/sizes.ts'

const facts = (given: Partial<BootFacts> = {}): BootFacts => ({
  line: 'quiet',
  sysctls: [],
  target: targetOf('6.12'),
  defaultSize: 2n * M,
  ...given,
})
const eight = { ...huge, minSize: 16n * M, size: 16n * M }
const two = { ...huge, pageSize: G, size: 2n * G, minSize: 2n * G }

t.test('what provides the pages of a minimum size', async (t) => {
  const none = { needed: 8n, provided: 0n }
  const cases: readonly (readonly [Partial<BootFacts>, object | undefined])[] = [
    [{}, none],
    [{ line: 'hugepages=8' }, undefined],
    [{ line: 'hugepages=7' }, { needed: 8n, provided: 7n }],
    [{ sysctls: ['# a comment\nvm.nr_hugepages = 8\n'] }, undefined],
    [{ sysctls: ['-vm/nr_hugepages=8'] }, undefined],
    [{ sysctls: ['vm.nr_hugepages_mempolicy=8'] }, undefined],
    [{ sysctls: ['vm.nr_overcommit_hugepages=4\nvm.nr_hugepages=4'] }, undefined],
    [{ sysctls: ['vm.nr_hugepages=8', 'vm.nr_hugepages=0'] }, none],
    [{ line: 'hugepages=8', sysctls: ['vm.nr_hugepages=0'] }, none],
    [{ line: 'sysctl.vm.nr_hugepages=8' }, undefined],
    [{ sysctls: ['#vm.nr_hugepages=8\n;vm.nr_hugepages=8\nvm.nr_hugepages=eight'] }, none],
    [{ sysctls: ['vm.nr_hugepages=8'], defaultSize: G }, none],
  ]
  for (const [given, lacking] of cases) t.strictSame(lackingAtStart(eight, facts(given)), lacking)
  t.equal(lackingAtStart(huge, facts()), undefined, 'there is no minimum')
  t.equal(lackingAtStart(two, facts({ line: 'hugepagesz=1G hugepages=2' })), undefined)
  t.strictSame(lackingAtStart(two, facts({ sysctls: ['vm.nr_hugepages=9'] })), {
    needed: 2n,
    provided: 0n,
  })
})

t.test('the words', async (t) => {
  t.equal(
    lackingWords('/mnt/huge', { needed: 8n, provided: 0n }),
    '/mnt/huge: the minimum size takes 8 pages at every start, and nothing that hugepool can see provides any before it is mounted: the mount would fail',
  )
  t.match(lackingWords('/x', { needed: 8n, provided: 3n }), 'no more than 3 can be seen to be prov')
  t.equal(
    lackingHint(2n * M, { needed: 8n, provided: 0n }, 2n * M),
    "'vm.nr_hugepages = 8' in a file of /etc/sysctl.d provides them, or 'hugepagesz=2M hugepages=8' on the kernel command line",
  )
  t.equal(
    lackingHint(G, { needed: 2n, provided: 0n }, 2n * M),
    "'hugepagesz=1G hugepages=2' on the kernel command line provides them",
  )
})
