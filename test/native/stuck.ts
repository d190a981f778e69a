import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { temporary } from '../helpers/run.ts'

/** The part of the addon that knows nothing of Node. */
const sources = [
  'mapped-memory',
  'fault-guard',
  'page-visitor',
  'visitor-watch',
  'pattern',
  'policy',
  'thread',
  'touch',
]

const program = join(temporary(t), 'stuck')
const interrupted = -2

const line = (...words: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  return `${status}: ${stdout}${stderr}`.trim()
}

t.test('the program is built', async (t) => {
  const flags = ['-std=c++20', '-O1', '-g', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-pthread']
  // In one unit, as the headers of C++ take longer to read than all the rest.
  const files = sources.flatMap((name) => ['-include', `native/${name}.cc`])
  const words = [...flags, '-fsanitize=undefined', '-o', program, ...files, 'test/native/stuck.cc']
  const { status, stderr } = spawnSync('g++', words, { encoding: 'utf8' })
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
})

const stuck = `0: failed 5 fault ${interrupted} stopped 0 left 0 soon 1 released 0`
const stopped = '0: failed none fault 0 stopped 1 left 0 soon 1 released 0'

for (const way of ['store', 'write']) {
  t.test(`a page that is refaulted for ever, by ${way}`, async (t) => {
    t.equal(line('refault', way), stuck, 'is given up, and the memory given back')
    t.equal(line('refault', way, 'stop'), stopped, 'keeps nobody from stopping')
  })
}

t.test('an interruption that comes late ends nothing', async (t) => {
  t.equal(line('late'), '0: over')
})

/** The kernel lets others wait only for faults of user mode. */
const skip = process.getuid?.() !== 0 && 'needs root'

t.test('a page that is waited for in the kernel', { skip }, async (t) => {
  t.equal(line('wait', 'store'), stuck)
  t.equal(line('wait', 'store', 'stop'), stopped)
  const left = stuck.replace('left 0', 'left 1')
  t.equal(line('wait', 'populate'), left, 'a thread within madvise is left behind')
  t.equal(line('wait', 'populate', 'stop'), stopped.replace('left 0', 'left 1'))
})
