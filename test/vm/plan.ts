import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { machines, type VirtualMachine } from './machines.ts'
import type { Boot } from './qemu.ts'

/** What one run of the laboratory boots. */
export interface Plan {
  /** Where its files are, until it has ended. */
  readonly directory: string
  readonly boots: readonly NamedBoot[]
  /** Whether these are all machines. */
  readonly whole: boolean
}

/** The plan that main.ts has written for the tests that it starts. */
export const readPlan = (): Plan => {
  const path = process.env.HUGEPOOL_VM_PLAN
  if (path === undefined) throw new Error('run this with: npm run test:vm')
  return JSON.parse(readFileSync(path, 'utf8')) as Plan
}

export interface NamedBoot extends Boot {
  /** As in kernels.txt. */
  readonly series: string
  /** As Debian writes it, such as `6.12.117+deb12`. */
  readonly version: string
}

export interface Wanted {
  readonly machines: readonly string[]
  /** Series by name, `all`, or nothing: those of each machine. */
  readonly kernel?: string
}

const kernelsScript = resolve('test/vm/kernels.sh')

/** Every series there is, in the order of kernels.txt. */
const allSeries = (): readonly string[] =>
  execFileSync('sh', [kernelsScript, '--list'], { encoding: 'utf8' }).trim().split('\n')

/** Paths of kernel images by series; downloads those that are missing. */
const kernelImages = (series: readonly string[]): ReadonlyMap<string, string> => {
  const printed = execFileSync('sh', [kernelsScript, ...series], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = printed.trim().split('\n')
  return new Map(lines.map((line) => line.split(' ') as [string, string]))
}

const chosen = (names: readonly string[]): readonly VirtualMachine[] => {
  const unknown = names.find((name) => !machines.some((machine) => machine.name === name))
  if (unknown !== undefined)
    throw new Error(`no machine ${unknown}: ${machines.map(({ name }) => name).join(' ')}`)
  return names.length === 0 ? machines : machines.filter(({ name }) => names.includes(name))
}

const seriesOf = (machine: VirtualMachine, kernel: string | undefined): readonly string[] => {
  if (kernel === undefined) return machine.kernels
  return kernel === 'all' ? allSeries() : kernel.split(',')
}

/** The boots of the wanted machines and kernels. Throws where a name is unknown. */
export const plannedBoots = (
  { machines: names, kernel }: Wanted,
  rest: Pick<Boot, 'image' | 'accelerator'>,
): readonly NamedBoot[] => {
  const pairs = chosen(names).flatMap((machine) =>
    seriesOf(machine, kernel).map((series) => ({ machine, series })),
  )
  const images = kernelImages([...new Set(pairs.map(({ series }) => series))])
  return pairs.map(({ machine, series }) => {
    const path = images.get(series) ?? ''
    const version = /linux-(?:image|binary)-(.*)-cloud/.exec(path)?.[1] ?? path
    return { machine, series, version, kernel: path, ...rest }
  })
}
