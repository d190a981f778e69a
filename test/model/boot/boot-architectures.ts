import t from 'tap'
import {
  bootArchitectureOf,
  findBootArchitecture,
  knownArchitectures,
  lineKeptBy,
  wordsKeptBy,
} from '../../../src/model/boot/boot-architectures.ts'
import { basePagesOf } from '../../../src/model/words/architecture-sizes.ts'

const K = 1024n
const M = K * K
const G = K * M

t.test('the default and the words that are kept, of each architecture and base page', async (t) => {
  t.strictSame(
    knownArchitectures.flatMap((architecture) =>
      basePagesOf(architecture).map((basePage) => {
        const kind = findBootArchitecture(architecture, basePage)
        return [architecture, basePage, kind?.sizes[0], wordsKeptBy(kind)]
      }),
    ),
    [
      ['x86_64', 4n * K, 2n * M, 5],
      ['aarch64', 4n * K, 2n * M, 9],
      ['aarch64', 16n * K, 32n * M, 9],
      ['aarch64', 64n * K, 512n * M, 9],
      ['s390x', 4n * K, M, 5],
      ['riscv64', 4n * K, 2n * M, 19],
      ['ppc64le', 64n * K, 2n * M, 31],
    ],
  )
  t.equal(wordsKeptBy(undefined), 3)
})

t.test('the characters of a line that are kept', async (t) => {
  t.strictSame(
    knownArchitectures.map((name) => [name, lineKeptBy(findBootArchitecture(name))]),
    [
      ['x86_64', 2047],
      ['aarch64', 2047],
      ['s390x', 4095],
      ['riscv64', 1023],
      ['ppc64le', 2047],
    ],
  )
  t.equal(lineKeptBy(undefined), 4095)
})

t.test('page structs are freed by few architectures', async (t) => {
  t.strictSame(
    knownArchitectures.map((name) => [name, findBootArchitecture(name)?.freesVmemmap]),
    [
      ['x86_64', true],
      ['aarch64', false],
      ['s390x', false],
      ['riscv64', true],
      ['ppc64le', false],
    ],
  )
  for (const basePage of basePagesOf('aarch64'))
    t.equal(findBootArchitecture('aarch64', basePage)?.freesVmemmap, false)
})

t.test('an architecture alone means its usual base page', async (t) => {
  t.strictSame(findBootArchitecture('aarch64')?.basePage, 4n * K)
  t.strictSame(findBootArchitecture('aarch64', 64n * K)?.sizes, [512n * M, 2n * M, 16n * G])
  t.equal(findBootArchitecture('x86_64', 64n * K), undefined)
  t.equal(findBootArchitecture('m68k'), undefined)
})

t.test('the kind of a running kernel by what is to be seen of it', async (t) => {
  const told = (facts: Parameters<typeof bootArchitectureOf>[0]) => {
    const kind = bootArchitectureOf(facts)
    return kind && [kind.architecture, kind.basePage, kind.sizes[0]]
  }
  t.strictSame(told({ architecture: 'ppc64le', basePage: 64n * K, sizes: [16n * M, 16n * G] }), [
    'ppc64le',
    64n * K,
    16n * M,
  ])
  t.strictSame(
    told({ basePage: 64n * K, sizes: [2n * M, 512n * M, 16n * G] }),
    ['aarch64', 64n * K, 512n * M],
    'without a name the sizes tell',
  )
  t.strictSame(told({ architecture: 'aarch64', basePage: 16n * K, sizes: [2n * M] }), [
    'aarch64',
    16n * K,
    32n * M,
  ])
  t.equal(told({ architecture: 'x86_64', basePage: 4n * K, sizes: [2n * M, 4n * M] }), undefined)
  t.equal(told({ architecture: 'mips', basePage: 4n * K, sizes: [2n * M] }), undefined)
})
