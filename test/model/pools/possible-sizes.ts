import t from 'tap'
import { type SizeFacts, sizeAdvice } from '../../../src/model/pools/possible-sizes.ts'
import { G, M } from '../../helpers/sizes.ts'

const K = 1024n
const onX86 = 'on x86_64 1G pages want the CPU flag pdpe1gb'
const fromStart = 'the pool is there from the start'
const kernelLine = 'on the kernel command line'

const table: readonly (readonly [
  what: string,
  size: bigint,
  facts: SizeFacts,
  advice: readonly string[],
])[] = [
  [
    '1G where the flag is not known',
    G,
    { sizes: [2n * M], architecture: 'x86_64' },
    [`${onX86} in /proc/cpuinfo; where it is there, ${fromStart}`],
  ],
  [
    '1G on a CPU without it',
    G,
    { sizes: [2n * M], architecture: 'x86_64', cpuFlags: ['fpu', 'pse'] },
    [
      `${onX86}, which /proc/cpuinfo does not have; a virtual machine has it where its host passes it on (QEMU: -cpu host), and then ${fromStart}`,
    ],
  ],
  [
    '1G on a CPU with it',
    G,
    { sizes: [2n * M], architecture: '6.12.48+deb13-amd64', cpuFlags: ['pse', 'pdpe1gb'] },
    [
      "this CPU can have 1G pages (pdpe1gb), but this kernel makes them at boot only: 'hugepagesz=1G hugepages=N' on its command line",
    ],
  ],
  ['16M on x86', 16n * M, { sizes: [2n * M], architecture: 'x86_64' }, []],
  [
    '2G on s390x',
    2n * G,
    { sizes: [M], architecture: 's390x' },
    [`on s390x 2G pages come with 'hugepagesz=2G' ${kernelLine}`],
  ],
  [
    '2G where only 1M tells that it is s390x',
    2n * G,
    { sizes: [M] },
    [`on s390x 2G pages come with 'hugepagesz=2G' ${kernelLine}`],
  ],
  ['1G on s390x', G, { sizes: [M], architecture: 's390x' }, []],
  [
    '512M with base pages of 4K',
    512n * M,
    { sizes: [64n * K, 2n * M, 32n * M, G], architecture: 'aarch64' },
    ['on arm64 512M pages want a kernel with base pages of 64K; this one has base pages of 4K'],
  ],
  [
    '1G with base pages of 64K',
    G,
    { sizes: [2n * M, 512n * M, 16n * G] },
    [
      'on arm64 1G pages want a kernel with base pages of 4K or base pages of 16K; this one has base pages of 64K',
    ],
  ],
  [
    '64K with base pages of 16K',
    64n * K,
    { sizes: [2n * M, 32n * M, G], architecture: '6.12.0-arm64-16k' },
    ['on arm64 64K pages want a kernel with base pages of 4K; this one has base pages of 16K'],
  ],
  [
    '16G on ppc64 with hash tables',
    16n * G,
    { sizes: [16n * M], architecture: 'ppc64le' },
    [
      `on ppc64 16G pages are set aside by the firmware (in a partition, by its profile) and taken at boot, by 'hugepagesz=16G hugepages=N' ${kernelLine}`,
    ],
  ],
  [
    '1G on ppc64 with hash tables',
    G,
    { sizes: [16n * M, 16n * G], architecture: '6.12.48+deb13-powerpc64le-64k' },
    ['on ppc64 1G pages want a kernel with the radix MMU; this one has the hash MMU'],
  ],
  [
    '1G on riscv64',
    G,
    { sizes: [2n * M], architecture: 'riscv64' },
    [
      `on riscv64 1G pages come with 'hugepagesz=1G' ${kernelLine} where the kernel was built without CONFIG_CONTIG_ALLOC`,
    ],
  ],
  [
    '32M on loongarch64',
    32n * M,
    { sizes: [2n * M], architecture: 'loongarch64' },
    [
      'on loongarch64 32M pages want a kernel with base pages of 16K; this one has base pages of 4K',
    ],
  ],
  [
    '16G on sparc64',
    16n * G,
    { sizes: [64n * K, 8n * M, 256n * M, 2n * G] },
    ['on sparc64 16G pages want a CPU that has them'],
  ],
  ['a size that no architecture has', 3n * M, { sizes: [2n * M] }, []],
  ['1G on a 32-bit x86', G, { sizes: [2n * M], architecture: 'i686', isNamed: true }, []],
  ['1G on mips', G, { sizes: [2n * M], architecture: 'mips', isNamed: true }, []],
  ['an architecture that is not in the table', G, { sizes: [4n * M], architecture: 'i386' }, []],
]

for (const [what, size, facts, advice] of table)
  t.test(what, async (t) => {
    t.strictSame(sizeAdvice(size, facts), advice)
  })

t.test('1G where 2M alone is known: all that it can be', async (t) => {
  t.strictSame(
    sizeAdvice(G, { sizes: [2n * M] }).map((line) => line.split(' ', 2)[1]),
    ['x86_64', 'riscv64'],
  )
})
