import t from 'tap'
import { readProcessSpace } from '../../../src/kernel/processes/process-space.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'

t.test('what a process has mapped', async (t) => {
  const kernel = fakeKernel()
  t.strictSame(readProcessSpace(kernel, '7'), {})
  kernel.extra.set('/proc/7/status', 'VmSize:\t  64 kB\nVmData:\t  16 kB\n')
  kernel.extra.set('/proc/7/maps', 'a\nb\nc\n')
  kernel.extra.set('/proc/sys/vm/max_map_count', '65530\n')
  t.strictSame(readProcessSpace(kernel, '7'), {
    mapped: 65536n,
    data: 16384n,
    mappings: 3n,
    mostMappings: 65530n,
  })
})
