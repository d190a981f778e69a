import t from 'tap'
import { readConfigFile } from '../../../src/model/config/config-file.ts'
import { mergeFiles } from '../../../src/model/config/merge-files.ts'
import { octets } from '../../../src/model/etc/octets.ts'

const merge = (...texts: readonly string[]) =>
  mergeFiles(texts.map((text, index) => readConfigFile(octets(text), `/${index}`)))

const merged = (...texts: readonly string[]) => {
  const result = merge(...texts)
  if ('errors' in result) throw result.errors[0]
  return result.configuration
}

t.test('later keys win, and others stay', async (t) => {
  const { pools, boot, tune, leave, files } = merged(
    'leave = 1\n[pools.2M]\noptional = true\nessential = false\n[boot]\ncma = "1G"\n[tune]\nshm-group = 1\n',
    '[pools.2048kB]\nessential = true\n[pools.1G]\nboot = true\n[tune]\nshm-group = 2\n',
    'version = 1\n[boot]\nfree-vmemmap = false\n',
  )
  t.strictSame(pools, [
    { size: 2n ** 30n, essential: true, optional: false, boot: true },
    { size: 2n ** 21n, essential: true, optional: true, boot: false },
  ])
  t.strictSame(
    { boot, tune, leave, files },
    {
      boot: { freeVmemmap: false, cma: '1G' },
      tune: { shmGroup: '2' },
      leave: 1n,
      files: ['/0', '/1', '/2'],
    },
  )
  t.equal(merged('leave = 1', 'leave = 0').leave, 0n)
})

t.test('mounts stand in the order of their paths', async (t) => {
  const text = '[mounts."/b"]\npage-size="2M"\n[mounts."/a/c"]\npage-size="2M"\n'
  t.strictSame(
    merged(text, '[mounts."/a"]\npage-size="2M"').mounts.map(({ request }) => request.target),
    ['/a', '/a/c', '/b'],
  )
})

t.test('the position of a key is that of the last file that has it', async (t) => {
  const { positions } = merged(
    'leave = 1\n[pools.2M]\nboot = true\n',
    '\n[pools.2MiB]\nboot = false\n[boot]\ncma = "1G"\n[tune]\nshm-group = 1',
  )
  t.strictSame([...positions].map(([key, { file, line }]) => `${key} ${file}:${line}`).sort(), [
    'boot.cma /1:5',
    'leave /0:1',
    'pools.2M /1:2',
    'pools.2M.boot /1:3',
    'tune.shm-group /1:7',
  ])
})

t.test('faults of all mounts, each at its key or its table', async (t) => {
  const result = merge(
    '[mounts."/a"]\nsize = "1M"\n',
    '[mounts."/a/"]\npage-size = "2M"\n[mounts."/b"]',
  )
  const errors = 'errors' in result ? result.errors : []
  t.strictSame(
    errors.map(({ message }) => message),
    [
      '/0:2:1: mounts."/a".size: 1M is not a whole number of 2M pages',
      '/1:3:2: mounts."/b": has no page-size',
    ],
  )
})
