import t from 'tap'
import { pagesOnLine, sysctlsOnLine } from '../../../../src/model/mounts/persist/boot-line.ts'
import { G, M } from '../../../helpers/sizes.ts'

/** Command lines and the pages of 2M and 1G that kernels of 6.1 and later made of them. */
const lines: Readonly<Record<string, readonly [small: bigint, gigantic: bigint]>> = {
  '': [0n, 0n],
  'hugepages=256': [256n, 0n],
  'hugepagesz=2M hugepages=512': [512n, 0n],
  'hugepages=256 hugepagesz=2M hugepages=512': [256n, 0n],
  'hugepagesz=2M hugepages=0:1,1:2': [3n, 0n],
  'default_hugepagesz=2M hugepages=256': [256n, 0n],
  'default_hugepagesz=1G hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=64': [64n, 2n],
  'hugepages=2 default_hugepagesz=1G': [0n, 2n],
  'hugepages=5 default_hugepagesz=2M hugepages=7': [7n, 0n],
  'hugepagesz=2M hugepages=4 default_hugepagesz=2M hugepages=8': [4n, 0n],
  'default_hugepagesz=2M hugepages=3 hugepagesz=2M hugepages=5': [3n, 0n],
  'default_hugepagesz=2M default_hugepagesz=1G hugepages=2': [0n, 0n],
  'default_hugepagesz=3M hugepagesz=2M hugepages=5': [5n, 0n],
  'hugepagesz=1G hugepagesz=3M hugepages=7 hugepages=1': [0n, 1n],
  'hugepagesz=2M hugepages=4 hugepagesz=2M hugepages=5': [4n, 0n],
  'hugepages= hugepages=4': [0n, 0n],
  'hugepages=16 hugepagesz=1G hugepages=1': [16n, 1n],
  'hugepagesz=1G hugepagesz=2M hugepages=1 hugepages=16': [1n, 0n],
  'hugepagesz=2M hugepages=-1 hugepages=6': [6n, 0n],
  'hugepages=0x10': [0n, 0n],
  'hugepages=010': [10n, 0n],
  'hugepages=2M': [2n, 0n],
  'hugepages="5"': [5n, 0n],
  'HUGEPAGES=5': [0n, 0n],
  'default-hugepagesz=1G hugepages=1': [0n, 1n],
  'hugepagesz=2048kB hugepages=4': [4n, 0n],
  'hugepagesz=08M hugepages=4': [0n, 0n],
  'hugepagesz=2M hugepages=0:2,0:3': [3n, 0n],
  'quiet -- hugepages=5': [0n, 0n],
}

t.test('the pages that a command line asks for', async (t) => {
  for (const [line, [small, gigantic]] of Object.entries(lines)) {
    const pages = pagesOnLine(`BOOT_IMAGE=/vmlinuz ${line}\n`, [2n * M, G], 2n * M)
    t.strictSame([pages.get(2n * M) ?? 0n, pages.get(G) ?? 0n], [small, gigantic], line)
  }
  t.strictSame([...pagesOnLine('hugepages=4', [2n * M], undefined)], [])
})

t.test('sysctls on a command line', async (t) => {
  t.equal(sysctlsOnLine('ro sysctl.vm.nr_hugepages=8 sysctl.vm/x=1'), 'vm.nr_hugepages=8\nvm/x=1')
})
