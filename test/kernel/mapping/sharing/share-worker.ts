import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import t, { type Test } from 'tap'
import { mapInProcess } from '../../../../src/kernel/mapping/sharing/process-mapping.ts'
import { byLine, type Call } from '../../../../src/kernel/mapping/sharing/share-conversation.ts'
import { addonFile, mapFile, openFile, pageSize, touching } from '../../../helpers/mapping.ts'
import { withoutLoader } from '../../../helpers/run.ts'

/** As it is shipped, in one file: what loads TypeScript for tests makes standard input another. */
const child = join(t.testdir({}), 'child.mjs')
buildSync({
  entryPoints: [join(import.meta.dirname, '../../../helpers/share-child.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: child,
})

const program = (word: string) => {
  const settings = [...withoutLoader, `HUGEPOOL_TEST_ADDON=${addonFile}`]
  return ['env', ...settings, process.execPath, child, word]
}

const request = (pages: number) => ({
  bytes: pages * pageSize,
  pageSize,
  noreserve: false,
  shared: true,
  populate: false,
})

const share = (descriptor: number, pages: number) =>
  mapInProcess(program('addon'), descriptor, request(pages), new AbortController().signal)

t.test('two processes have the same pages', async (t) => {
  const descriptor = openFile(t, 4)
  const own = await mapFile(t, descriptor, 4)
  const other = await share(descriptor, 4)
  t.teardown(() => other.unmap())
  t.match(await other.touch(touching(own, { to: 3 })), { pages: 3, stopped: false })
  t.equal(other.nodes(0, 3).length, 3)
  await other.write(0, 2)
  await own.write(2, 4)
  t.match(await own.verify(0, 4), { pages: 4, difference: undefined })
  const limits = { threads: 2, stuckSeconds: 10 }
  t.match(await other.verify(0, 4, limits), { pages: 4, difference: undefined })
  const zeros = await mapFile(t, openFile(t, 4), 4)
  t.match(await zeros.verify(0, 1), { difference: { page: 0 } }, 'a difference would be seen')
})

t.test('an error has the form that it has here', async (t) => {
  const descriptor = openFile(t, 4)
  const own = await mapFile(t, descriptor, 4)
  const other = await share(descriptor, 4)
  t.teardown(() => other.unmap())
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error) => error,
    )
  const here = await errorOf((async () => own.write(0, 5))())
  const there = await errorOf(other.write(0, 5))
  t.equal(there.message, here.message)
  await own.touch(touching(own))
  t.match(await other.touch(touching(own)), { pages: 4 }, 'it goes on after an error')
  const unwritable = openSync('/dev/zero', 'r')
  t.teardown(() => closeSync(unwritable))
  const cannot = await errorOf(share(unwritable, 4))
  t.match(cannot, { code: /^EACCES$/, syscall: /^mmap$/ })
})

/** A process to which lines are written as they are, and what it answers. */
const worker = (t: Test) => {
  const [command = '', ...words] = program('slow')
  const process = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
  t.teardown(() => process.kill('SIGKILL'))
  const answers: { readonly id?: number; readonly touched?: number }[] = []
  let said = ''
  process.stdout.setEncoding('utf8').on(
    'data',
    byLine((line) => answers.push(JSON.parse(line))),
  )
  process.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const until = async (there: () => boolean) => {
    while (!there() && process.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const ask = (...calls: readonly Call[]) =>
    process.stdin.write(calls.map((call) => `${JSON.stringify(call)}\n`).join(''))
  return {
    ask,
    answers,
    said: () => said,
    until,
    answered: async (id: number) => {
      await until(() => answers.some((answer) => answer.id === id))
      return answers.find((answer) => answer.id === id)
    },
    end: async () => {
      const ended = once(process, 'close')
      process.stdin.end()
      return (await ended)[0] as number
    },
  }
}

const map: Call = { id: 1, name: 'map', args: [request(8)] }

t.test('calls that come together are answered each, as they are done', async (t) => {
  const { ask, answers, answered, end, said } = worker(t)
  ask({ id: 7, name: 'nodes', args: [0, 2] })
  t.strictSame(await answered(7), { id: 7, error: { message: 'nothing is mapped' } })
  ask(map)
  t.match(await answered(1), { id: 1 })
  ask({ id: 2, name: 'touch', args: [{}] }, { id: 3, name: 'nodes', args: [0, 2] })
  t.match(await answered(2), {
    id: 2,
    value: { pages: 1, seconds: 0.25, stopped: false, reached: 1 },
  })
  const ids = answers.map(({ id }) => id)
  t.ok(ids.indexOf(3) < ids.indexOf(2), 'what takes no time does not wait')
  t.strictSame(await answered(3), { id: 3, value: [0, -2] })
  t.equal(await end(), 0)
  t.equal(said(), 'mapping\nunmapped\n')
})

t.test('while pages are touched it is said how many, and not afterwards', async (t) => {
  const { ask, answers, answered, end } = worker(t)
  ask(map)
  await answered(1)
  ask({ id: 2, name: 'touch', args: [{}] })
  await answered(2)
  const reports = () => answers.flatMap(({ touched }) => touched ?? [])
  const during = reports()
  t.ok(during.length >= 1, `${during}`)
  t.ok(
    during.every((pages, at) => pages >= 1 && pages <= 4 && pages >= (during[at - 1] ?? 0)),
    `${during}`,
  )
  await new Promise((resolve) => setTimeout(resolve, 250))
  t.equal(reports().length, during.length)
  await end()
})

t.test('what fails is answered, whatever was thrown', async (t) => {
  const { ask, answered, end } = worker(t)
  ask(map)
  await answered(1)
  ask({ id: 2, name: 'write', args: [0, 1] })
  t.strictSame(await answered(2), { id: 2, error: { message: 'without an errno' } })
  ask({ id: 3, name: 'stop', args: [] })
  t.strictSame(await answered(3), { id: 3, error: { message: 'no error object' } })
  ask({ id: 4, name: 'nothing' as 'stop', args: [] })
  t.match(await answered(4), { id: 4, error: { message: /not a function/ } })
  ask({ id: 5, name: 'unmap', args: [] })
  t.strictSame(await answered(5), { id: 5 })
  t.equal(await end(), 0)
})

t.test('an end that comes while it maps gives back what comes of it', async (t) => {
  const { ask, until, said, end } = worker(t)
  ask(map)
  await until(() => said() !== '')
  t.equal(await end(), 0)
  t.equal(said(), 'mapping\nunmapped\n')
})

t.test('an end before anything was asked is no fault', async (t) => {
  const { end, said } = worker(t)
  t.equal(await end(), 0)
  t.equal(said(), '')
})
