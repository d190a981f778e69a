import { truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { mapperWith } from '../../src/kernel/mapper.ts'
import type { Mapping, TouchRequest } from '../../src/kernel/mapping.ts'
import { testSchema } from '../../src/output/test-schema.ts'
import {
  type Cells,
  furtherSequences,
  readySequences,
  type Subject,
} from '../helpers/counters-table.ts'
import { kernelHas } from './support/kernels.ts'
import { atEnd, liveOn } from './support/live.ts'
import { setOvercommit, setPool, setPoolAlone, sizeName, smallest } from './support/machine.ts'
import { mountJson, mountPoint } from './support/mounts.ts'
import { hugepool, hugepoolJson, native } from './support/program.ts'
import { cellsOf, replayAll } from './support/table.ts'

const mapper = mapperWith(native(), [])

type Way = TouchRequest['way']

const busError = (errno: string): Error => Object.assign(new Error(errno), { code: 'SIGBUS' })

/** A program dies at a page that does not come; `test` gives its mapping back then. */
const subject = (size: number, way: Way): Subject => {
  const held = new Map<string, { readonly mapping: Mapping; touched: number }>()
  const touch = async (name: string, pages: number): Promise<void> => {
    const one = held.get(name)
    if (one === undefined) throw new Error(`${name} is not mapped`)
    const range = { from: one.touched, to: one.touched + pages }
    const how = { ...range, threads: 1, way, stuckSeconds: 30 }
    const { failure } = await one.mapping.touch(how)
    one.touched += pages
    if (failure === undefined) return
    await one.mapping.unmap()
    throw busError(failure.errno)
  }
  return {
    act: async (action) => {
      if (action.do === 'persistent') await hugepool('resize', `${sizeName(size)}=${action.pages}`)
      else if (action.do === 'overcommit') setOvercommit(size, action.pages)
      else if (action.do === 'touch') await touch(action.name, action.pages)
      else if (action.do === 'unmap') await held.get(action.name)?.mapping.unmap()
      else if (action.do === 'map') {
        const { name, pages, shared = false, noreserve = false } = action
        const bytes = pages * size
        const request = { bytes, pageSize: size, shared, noreserve, populate: false }
        const mapping = await mapper.map(request)
        atEnd(() => mapping.unmap())
        held.set(name, { mapping, touched: 0 })
      }
    },
    counters: (wanted) => cellsOf(size, wanted),
  }
}

const usual: Way = native().canPopulate() ? 'populate' : 'store'
replayAll([...readySequences, ...furtherSequences], `mapped by test, ${usual}`, (size) =>
  subject(size, usual),
)
// Kernels before 5.14 have nothing but this.
if (usual !== 'store')
  replayAll(
    furtherSequences.filter(({ gigantic }) => !gigantic),
    'mapped by test, store',
    (size) => subject(size, 'store'),
  )

const name = sizeName(smallest)

/** Total, free, reserved and surplus after each step of a test of pages of the smallest size. */
const stepsOf = async (...words: readonly string[]): Promise<readonly (readonly unknown[])[]> => {
  const { document } = await hugepoolJson(testSchema, 'test', ...words)
  return document.steps.map(({ step, total, free, reserved, surplus }) => [
    step,
    ...[total, free, reserved ?? 0n, surplus].map(Number),
  ])
}

const start: Cells = [8, 8, 0, 0]

const steps = (...all: readonly (readonly [string, Cells])[]) =>
  all.map(([step, cells]) => [step, ...cells])

const pool = liveOn('pools that can be set', 'one node with memory')

const withEight = (title: string, body: (t: Test) => Promise<void>) =>
  pool(title, async (t) => {
    setPoolAlone(smallest, 8)
    await body(t)
  })

withEight('steps of test: further transitions of the table', async (t) => {
  t.strictSame(
    await stepsOf(`${name}=3`, '--noreserve', '--touch', '2'),
    steps(['start', start], ['map', start], ['touch', [8, 6, 0, 0]], ['unmap', start]),
    'NORESERVE',
  )
  t.strictSame(
    await stepsOf(`${name}=3`, '--populate'),
    steps(['start', start], ['map', [8, 5, 0, 0]], ['touch', [8, 5, 0, 0]], ['unmap', start]),
    'populated',
  )
  t.strictSame(
    await stepsOf(`${name}=2`, '--via', 'memfd'),
    steps(
      ['start', start],
      ['create', start],
      ['map', [8, 8, 2, 0]],
      ['touch', [8, 6, 0, 0]],
      ['unmap', [8, 6, 0, 0]],
      ['delete', start],
    ),
    'a memfd',
  )
  t.strictSame(
    await stepsOf(`${name}=3`, '--via', 'shm', '--touch', '2'),
    steps(['start', start], ['map', [8, 8, 3, 0]], ['touch', [8, 6, 1, 0]], ['unmap', start]),
    'a SysV segment',
  )
})

withEight('steps of test: files', async (t) => {
  const target = mountPoint()
  t.equal((await mountJson(target)).status, 0)
  const path = `${target}/linked`
  writeFileSync(path, '')
  truncateSync(path, 3 * smallest)
  t.strictSame(
    await stepsOf(`${name}=3`, '--path', path, '--touch', '1'),
    steps(
      ['start', start],
      ['open', start],
      ['map', [8, 8, 3, 0]],
      ['touch', [8, 7, 2, 0]],
      ['unmap', [8, 7, 2, 0]],
    ),
    'a file that is there keeps pages and reservations',
  )
  unlinkSync(path)
  t.strictSame(
    await stepsOf(`${name}=3`, '--mount', target, '--touch', '1', '--private'),
    steps(
      ['start', start],
      ['create', start],
      ['map', [8, 8, 3, 0]],
      ['touch', [8, 7, 2, 0]],
      ['unmap', start],
      ['delete', start],
    ),
    'a private mapping of a file gives all back',
  )
})

withEight('steps of test: mounts with a minimum and with a limit', async (t) => {
  const least = mountPoint('least')
  const three: Cells = [8, 8, 3, 0]
  t.equal((await mountJson(least, '--min-size', `${3 * smallest}`)).status, 0)
  t.strictSame(
    await stepsOf(`${name}=2`, '--mount', least),
    steps(
      ['start', three],
      ['create', three],
      ['map', three],
      ['touch', [8, 6, 1, 0]],
      ['unmap', [8, 6, 1, 0]],
      ['delete', three],
    ),
  )
  if (kernelHas('refusalKeepsReserved')) {
    const file = `${least}/used`
    writeFileSync(file, '')
    truncateSync(file, 2 * smallest)
    t.equal((await hugepool('test', `${name}=2`, '--path', file)).status, 0)
    const more = await hugepool('test', `${name}=8`, '--mount', least)
    t.match(
      more.err,
      `5 available and up to 1 held by the min_size of ${least}: at least 2 missing`,
    )
    unlinkSync(file)
  }
  const limited = mountPoint('limited')
  t.equal((await mountJson(limited, '--size', `${4 * smallest}`)).status, 0)
  const { status, err } = await hugepool('test', `${name}=5`, '--mount', limited)
  t.equal(status, 1)
  t.match(err, 'its size limit leaves 4 pages, while the pool has 5 available')
})

withEight('overcommit of test', async (t) => {
  setPool(smallest, 2)
  setOvercommit(smallest, 3)
  t.strictSame(
    await stepsOf(`${name}=6`, '--noreserve', '--threads', '1'),
    steps(
      ['start', [2, 2, 0, 0]],
      ['map', [2, 2, 0, 0]],
      ['touch', [5, 0, 0, 3]],
      ['unmap', [2, 2, 0, 0]],
    ),
  )
})
