/** The names that distributions give to architectures, each with the one that `uname -m` prints. */
const usualNames: Readonly<Record<string, string>> = {
  'x86-64': 'x86_64',
  amd64: 'x86_64',
  arm64: 'aarch64',
  ppc64el: 'ppc64le',
}

/** Returns the name that `uname -m` prints for an architecture. */
export const usualArchitecture = (name: string): string => usualNames[name] ?? name

const named = ['x86_64', 'amd64', 'aarch64', 'arm64', 's390x', 'ppc64le', 'ppc64el', 'riscv64']

/**
 * Finds an architecture in the name of a kernel's release, where most distributions have it:
 * `6.1.0-18-amd64`, `5.14.0-427.el9.x86_64`.
 */
export const architectureIn = (release: string): string | undefined => {
  const name = named.find((each) => new RegExp(`[-._]${each}(?![a-z0-9])`).test(release))
  return name && usualArchitecture(name)
}

/** Lines of /proc/cpuinfo that one architecture alone has. */
const ofCpuinfo: readonly (readonly [line: RegExp, name: string])[] = [
  [/^flags\s*:.* lm( |$)/m, 'x86_64'],
  [/^CPU architecture\s*:\s*8/m, 'aarch64'],
  [/^vendor_id\s*:\s*IBM\/S390/m, 's390x'],
  [/^isa\s*:\s*rv64/m, 'riscv64'],
]

/** Finds the architecture that /proc/cpuinfo is of; undefined where it does not tell. */
export const architectureOf = (cpuinfo: string): string | undefined =>
  ofCpuinfo.find(([line]) => line.test(cpuinfo))?.[1]
