import t from 'tap'
import {
  architectureIn,
  architectureOf,
  usualArchitecture,
} from '../../../src/model/words/architecture.ts'

t.test('other names of an architecture', async (t) => {
  t.strictSame(['amd64', 'x86-64', 'arm64', 'ppc64el', 's390x', 'x86_64'].map(usualArchitecture), [
    'x86_64',
    'x86_64',
    'aarch64',
    'ppc64le',
    's390x',
    'x86_64',
  ])
})

t.test('the architecture in a release', async (t) => {
  const releases: Readonly<Record<string, string | undefined>> = {
    '6.1.0-18-amd64': 'x86_64',
    '6.1.0-18-cloud-arm64': 'aarch64',
    '5.14.0-427.el9.x86_64': 'x86_64',
    '5.14.0-427.el9.aarch64+64k': 'aarch64',
    '5.10.0-20-s390x': 's390x',
    '6.12.9-riscv64': 'riscv64',
    '6.1.0-18-powerpc64le': undefined,
    '5.14.0-427.el9.ppc64le': 'ppc64le',
    '6.1.0-18-ppc64el': 'ppc64le',
    '6.8.0-generic': undefined,
    '6.1.0-amd64x': undefined,
    amd64: undefined,
  }
  for (const [release, name] of Object.entries(releases))
    t.equal(architectureIn(release), name, release)
})

t.test('the architecture of a cpuinfo', async (t) => {
  const texts: Readonly<Record<string, string | undefined>> = {
    'processor\t: 0\nflags\t\t: fpu lm sse\n': 'x86_64',
    'flags\t\t: fpu lm': 'x86_64',
    'flags\t\t: fpu lmx xlm sse\n': undefined,
    'CPU architecture: 8\n': 'aarch64',
    'CPU architecture: 7\n': undefined,
    'vendor_id       : IBM/S390\n': 's390x',
    'isa\t\t: rv64imafdc\n': 'riscv64',
    'isa\t\t: rv32\n': undefined,
  }
  for (const [text, name] of Object.entries(texts)) t.equal(architectureOf(text), name, text)
})
