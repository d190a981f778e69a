import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { destination, importsOf } from './helpers/imports.ts'

/** What each floor of src may import: design.md section 5. `.` is the floor itself. */
const floors: Readonly<Record<string, readonly string[]>> = {
  model: ['model', 'errors'],
  kernel: ['kernel', 'model', 'errors', 'node:fs', 'node:path'],
  operations: ['operations', 'model', 'kernel', 'errors'],
  output: ['output', 'model', 'errors', 'chalk', 'cli-table3', 'zod'],
  cli: ['cli', 'operations', 'kernel', 'model', 'output', 'errors', 'yargs'],
}

/**
 * Only streams.ts of its floor touches the system, and only the three files that are named here with
 * node:child_process start processes. What a file of the configuration can have is a rule of the model,
 * which one file states by zod; another reads TOML. Both are functions of a text.
 */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'output/streams.ts': ['node:fs', 'node:tty'],
  'model/config/config-schema.ts': ['zod'],
  'model/config/toml-text.ts': ['smol-toml'],
  'kernel/telemetry/http-server.ts': ['node:http'],
  'output/telemetry/metrics-text.ts': ['prom-client'],
  'cli/commands/metrics.ts': ['version'],
  'kernel/mapping/sharing/process-mapping.ts': ['node:child_process'],
  'kernel/clock.ts': ['node:process'],
  'kernel/usual-umask.ts': ['node:process'],
  'kernel/run-program.ts': ['node:child_process'],
  'kernel/mapping/sharing/share-conversation.ts': ['node:child_process'],
}

const source = join(import.meta.dirname, '../src')

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

/** The floor or package that a specifier leads to. */
const floorOf = (file: string, specifier: string): string => {
  const path = destination(file, specifier)
  return specifier.startsWith('.') ? (path.split('/')[0]?.replace(/\.ts$/, '') ?? path) : path
}

t.test('every floor imports only what it may', async (t) => {
  t.ok(files.length > 40, 'the files are found')
  for (const file of files) {
    const [floor = ''] = file.split('/')
    const allowed = floors[floor]
    if (allowed === undefined) continue
    const text = readFileSync(join(source, file), 'utf8')
    const found = importsOf(text).map((specifier) => floorOf(file, specifier))
    const forbidden = found.filter(
      (name) => !allowed.includes(name) && !exceptions[file]?.includes(name),
    )
    t.same(forbidden, [], file)
  }
})

/** Those that say what this process is, and what comes in and goes out. */
const ofProcess: readonly string[] = ['main.ts', 'output/streams.ts', 'kernel/own-user.ts']

t.test('few name process, nothing names console, and Node is asked for octets', async (t) => {
  for (const file of files) {
    const text = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    const code = text.replaceAll(/'[^'\n]*'|`[^`]*`/g, '')
    t.notOk(/\bconsole\s*\./.test(code), file)
    if (!ofProcess.includes(file)) t.notOk(/\bprocess\s*\./.test(code), file)
    // Node ends itself where it cannot close a file that it reads as text (ReadFileUtf8).
    t.notOk(/readFileSync\([^;]*?'utf-?8'/.test(text), file)
  }
})

t.test('files stay under 200 lines', async (t) => {
  for (const file of files) {
    const lines = readFileSync(join(source, file), 'utf8').split('\n').length
    t.ok(lines <= 200, `${file} has ${lines} lines`)
  }
})

t.test('the import table would notice a forbidden import', async (t) => {
  const text =
    "import { readFileSync } from 'node:fs'\nimport {\n  a,\n} from '../kernel/tree.ts'\n"
  t.same(
    importsOf(text).map((specifier) => floorOf('model/x.ts', specifier)),
    ['node:fs', 'kernel'],
  )
})
