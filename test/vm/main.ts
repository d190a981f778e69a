import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ArchitectureName, architectureNames, architectures, native } from './architectures.ts'
import { children, Ended, type Run } from './children.ts'
import { ownDirectory } from './directory.ts'
import { machinesOf } from './every-machine.ts'
import {
  bootsOf,
  failuresOf,
  isWhole,
  kernelImages,
  moduleSeries,
  type NamedBoot,
  type Plan,
  plannedPairs,
} from './plan.ts'
import { type Boot, qemuWords, tellingLine } from './qemu.ts'
import { parseTyped, type Typed, UsageError } from './words.ts'

const rowsOf = (architecture: ArchitectureName): string =>
  machinesOf[architecture].map(({ name, summary }) => `  ${name.padEnd(15)} ${summary}\n`).join('')

const usage = `npm run test:vm -- [--arch NAME] [--kernel SERIES,...|all] [--tests NAME,...] [--shell] [MACHINE...]
${architectureNames.map((name) => `machines of ${name}:\n${rowsOf(name)}`).join('')}`

/** Whether a guest boots under KVM here: inside another virtual machine it often does not. */
const kvmBoots = async (run: Run, boot: Boot): Promise<boolean> => {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
  } catch {
    return false
  }
  const probe = { ...boot, accelerator: 'kvm', append: ['HUGEPOOL_PROBE=1'] } as const
  const line = ['timeout', '--foreground', '20', ...tellingLine(probe, 'null')]
  const { out } = await run(line, 'probed')
  return /^# finished: 0/m.test(out)
}

const shell = async (run: Run, boot: NamedBoot): Promise<number> => {
  const { program } = architectures[boot.architecture]
  const words = qemuWords({ ...boot, append: ['HUGEPOOL_SHELL=1'] })
  const line = [program, ...words, '-serial', 'mon:stdio']
  return (await run(line, 'terminal')).status
}

const report = async (run: Run, plan: Plan): Promise<number> => {
  const path = join(plan.directory, 'plan.json')
  writeFileSync(path, JSON.stringify(plan))
  const seconds = plan.boots.reduce((sum, { machine }) => sum + machine.limit, 60)
  const files = plan.whole ? ['failures', 'laboratory'] : ['laboratory']
  const paths = files.map((name) => `test/vm/${name}.ts`)
  const line = ['npx', 'tap', 'run', `--timeout=${seconds}`, '--jobs=1', ...paths]
  const { status } = await run(line, 'shown', { HUGEPOOL_VM_PLAN: path })
  const gathered = failuresOf(plan.directory)
  const failures = existsSync(gathered) ? readFileSync(gathered, 'utf8') : ''
  if (failures !== '')
    process.stderr.write(`\n# laboratory: what failed in the guests\n${failures}`)
  return status
}

/** Runs a script of the laboratory, which says itself why it fails. */
const script = async (run: Run, output: 'shown' | 'read', ...words: readonly string[]) => {
  const { status, out } = await run(['sh', ...words], output)
  if (status !== 0) throw new Error(`${words[0]} ended with ${status}`)
  return out
}

const boot = async (run: Run, typed: Typed, directory: string): Promise<number> => {
  const pairs = plannedPairs(typed)
  if (pairs.length === 0)
    throw new UsageError('its modules are built for the kernels of its row only')
  const series = new Set(pairs.map((pair) => pair.series))
  const foreign = typed.architecture === native ? [] : ['--arch', typed.architecture]
  if (foreign.length > 0) await script(run, 'shown', 'test/prerequisites.sh', ...foreign)
  const kernels = kernelImages(
    await script(run, 'read', 'test/vm/kernels.sh', ...foreign, ...series),
  )
  const modules = moduleSeries(pairs)
  if (modules.length > 0) await script(run, 'shown', 'test/vm/modules.sh', directory, ...modules)
  await script(run, 'shown', 'test/vm/image.sh', ...foreign, directory, ...typed.tests)
  const whole = isWhole(pairs, typed.tests)
  const image = join(directory, 'image.cpio')
  const boots = bootsOf(pairs, kernels, image, whole)
  const [first] = boots
  if (first === undefined) throw new Error('nothing to boot')
  const accelerator = (await kvmBoots(run, first)) ? 'kvm' : first.accelerator
  if (typed.shell) return shell(run, { ...first, accelerator })
  process.stderr.write(`laboratory: ${boots.length} guests, ${accelerator}\n`)
  const accelerated = boots.map((each) => ({ ...each, accelerator }) as const)
  return report(run, { directory, boots: accelerated, whole })
}

const main = async (words: readonly string[]): Promise<number> => {
  const typed = parseTyped(words)
  if (typed.help) {
    process.stdout.write(usage)
    return 0
  }
  const run = children()
  const directory = ownDirectory()
  try {
    return await boot(run, typed, directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const shown = error instanceof UsageError ? usage : ''
  process.stderr.write(`test:vm: ${(error as Error).message}\n${shown}`)
  if (error instanceof Ended) process.exitCode = error.status
  else process.exitCode = error instanceof UsageError ? 2 : 1
}
