import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import parseWords from 'yargs-parser'
import { machines } from './machines.ts'
import { type NamedBoot, type Plan, plannedBoots } from './plan.ts'
import { type Boot, qemuWords } from './qemu.ts'

const usage = `npm run test:vm -- [--kernel SERIES|all] [--tests NAME,...] [--shell] [MACHINE...]
machines:
${machines.map(({ name, summary }) => `  ${name.padEnd(15)} ${summary}`).join('\n')}
`

/** Whether a guest boots under KVM here: inside another virtual machine it often does not. */
const kvmBoots = (boot: Boot): boolean => {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
  } catch {
    return false
  }
  const words = qemuWords({ ...boot, accelerator: 'kvm', append: ['HUGEPOOL_PROBE=1'] })
  const serial = ['-serial', 'null', '-serial', 'stdio']
  const { stdout } = spawnSync('timeout', ['20', 'qemu-system-x86_64', ...words, ...serial], {
    encoding: 'utf8',
  })
  return /^# finished: 0/m.test(stdout)
}

const shell = (boot: NamedBoot): number => {
  const words = qemuWords({ ...boot, append: ['HUGEPOOL_SHELL=1'] })
  const serial = ['-serial', 'mon:stdio']
  return spawnSync('qemu-system-x86_64', [...words, ...serial], { stdio: 'inherit' }).status ?? 1
}

const report = (plan: Plan): number => {
  const path = join(plan.directory, 'plan.json')
  writeFileSync(path, JSON.stringify(plan))
  const seconds = plan.boots.reduce((sum, { machine }) => sum + machine.limit, 60)
  const files = plan.whole ? ['failures', 'laboratory'] : ['laboratory']
  const paths = files.map((name) => `test/vm/${name}.ts`)
  const words = ['tap', 'run', `--timeout=${seconds}`, '--jobs=1', ...paths]
  const env = { ...process.env, HUGEPOOL_VM_PLAN: path }
  return spawnSync('npx', words, { stdio: 'inherit', env }).status ?? 1
}

const run = (typed: readonly string[], directory: string): number => {
  const words = parseWords([...typed], { string: ['kernel', 'tests'], boolean: ['shell', 'help'] })
  if (words.help) {
    process.stdout.write(usage)
    return 0
  }
  const tests = (words.tests as string | undefined)?.split(',') ?? []
  const makeImage = ['test/vm/image.sh', directory, ...tests]
  execFileSync('sh', makeImage, { stdio: ['ignore', 'inherit', 'inherit'] })
  const kernel = words.kernel as string | undefined
  const wanted = { machines: words._.map(String), ...(kernel !== undefined && { kernel }) }
  const image = join(directory, 'image.cpio')
  const boots = plannedBoots(wanted, { image, accelerator: 'tcg' })
  const [first] = boots
  if (first === undefined) throw new Error('nothing to boot')
  const accelerator = kvmBoots(first) ? 'kvm' : 'tcg'
  const accelerated = boots.map((boot) => ({ ...boot, accelerator }) as const)
  if (words.shell) return shell({ ...first, accelerator })
  process.stderr.write(`laboratory: ${boots.length} guests, ${accelerator}\n`)
  return report({
    directory,
    boots: accelerated,
    whole: wanted.machines.length + tests.length === 0,
  })
}

// Ctrl-C ends the guests, which is waited for, and then the directory goes.
process.on('SIGINT', () => undefined)
const directory = mkdtempSync(join(tmpdir(), 'hugepool-vm-'))
try {
  process.exitCode = run(process.argv.slice(2), directory)
} catch (error) {
  process.stderr.write(`test:vm: ${(error as Error).message}\n${usage}`)
  process.exitCode = 2
} finally {
  rmSync(directory, { recursive: true, force: true })
}
