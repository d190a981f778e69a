import t from 'tap'
import {
  foundIn,
  foundSysctls,
  isSameWrite,
  sysctlFile,
} from '../../../../src/model/config/writers/found-writers.ts'
import type { FoundWriter, WritableFacts } from '../../../../src/model/config/writers/writer.ts'
import { G, M } from '../../../helpers/sizes.ts'

const facts: WritableFacts = { sizes: [2n * M], nodes: [0, 1], defaultSize: 2n * M }
const origin = { source: 'sysctl', when: 'before' } as const

t.test('lines become what they set', async (t) => {
  const lines = [
    {
      line: 1,
      path: '/sys/devices/system/node/node*/hugepages/hugepages-2048kB/nr_hugepages',
      value: '5',
    },
    { line: 2, value: 'hugeadm' },
    { line: 3, path: '/sys/x', value: '5' },
  ]
  const at = { source: 'tmpfiles', file: '/f', when: 'after' } as const
  t.strictSame(foundIn(at, lines, facts), [
    { ...at, value: '5', line: 1, what: { attribute: 'persistent', size: 2n * M, node: 0 } },
    { ...at, value: '5', line: 1, what: { attribute: 'persistent', size: 2n * M, node: 1 } },
    { ...at, value: 'hugeadm', line: 2 },
  ])
})

const found = (...texts: readonly string[]) =>
  foundSysctls(
    origin,
    texts.map((text, index) => sysctlFile({ file: `/${index}`, text })),
    facts,
  ).map(({ what, value, file, line }) => `${what?.attribute}=${value} ${file}:${line}`)

t.test('the last line of a key counts', async (t) => {
  t.strictSame(found('vm.nr_hugepages=1\nvm.nr_hugepages=2\n', '\nvm/nr_hugepages=3\n'), [
    'persistent=3 /1:2',
  ])
  t.strictSame(found('vm.nr_hugepages=1\nvm.nr_hugepages_mempolicy=2\n'), [
    'persistent=1 /0:1',
    'persistent=2 /0:2',
  ])
  t.strictSame(found('vm.nr_overcommit_hugepages=7\nvm.hugetlb_shm_group=9\nvm.x=1\n'), [
    'overcommit=7 /0:1',
    'shm-group=9 /0:2',
  ])
})

t.test('a pattern counts where no line names the key', async (t) => {
  t.strictSame(found('vm.nr_hugepage?=1\n'), ['persistent=1 /0:1'])
  t.strictSame(found('vm.nr_hugepages=2\n', 'vm.nr_hugepage?=1\n'), ['persistent=2 /0:1'])
  t.strictSame(found('vm.nr_hugepage?=1\n-vm.nr_hugepages\n'), [])
  t.strictSame(found('vm.nr_over*=1\nvm.nr_over*=3\n'), ['overcommit=3 /0:2'])
})

t.test('the same write', async (t) => {
  const what = { attribute: 'persistent', size: 2n * M, node: 1 } as const
  const one: FoundWriter = { source: 'sysctl', file: '/a', what, value: '7' }
  const other: FoundWriter = { ...one, source: 'tuned', file: '/b', line: 3 }
  t.equal(isSameWrite(one, other), true)
  t.equal(isSameWrite(one, { ...other, value: '8' }), false)
  t.equal(isSameWrite(one, { ...other, what: { ...what, node: 0 } }), false)
  t.equal(isSameWrite(one, { ...other, what: { ...what, size: G } }), false)
  const { what: _, ...unclear } = one
  t.equal(isSameWrite(unclear, unclear), false, 'nothing is known of either')
  t.equal(isSameWrite(one, unclear), false)
})

t.test('files that are looked for by their paths', async (t) => {
  const path = '/proc/sys/kernel/shmmax'
  const on = { sizes: [], nodes: [], paths: [path, '/proc/sys/kernel/shmall'] }
  const at = { source: 'unit', file: '/f' } as const
  t.strictSame(foundIn(at, [{ line: 2, path, value: '5' }], on), [
    { ...at, value: '5', line: 2, path },
  ])
  const sysctls = sysctlFile({
    file: '/f',
    text: 'kernel.shmmax=1\nkernel.shmall=2\nkernel.shmmax=3\n',
  })
  t.strictSame(foundSysctls(origin, [sysctls], on), [
    { ...origin, path, value: '3', file: '/f', line: 3 },
    { ...origin, path: '/proc/sys/kernel/shmall', value: '2', file: '/f', line: 2 },
  ])
})
