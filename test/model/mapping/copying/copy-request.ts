import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import {
  type CopyRequest,
  checkCopy,
  remainderWords,
  sourceName,
  targetName,
} from '../../../../src/model/mapping/copying/copy-request.ts'

const request: CopyRequest = {
  source: 'a',
  target: 'b',
  force: false,
  preserve: false,
  verify: false,
  dryRun: false,
}

const objection = (rest: Partial<CopyRequest>): string | undefined => {
  try {
    checkCopy({ ...request, ...rest })
    return undefined
  } catch (error) {
    return error instanceof HugepoolError ? `${error.code}: ${error.message}` : `${error}`
  }
}

t.test('files may have every option', async (t) => {
  const all = { ...request, force: true, preserve: true, verify: true, nodes: [0] }
  t.equal(checkCopy(all), all)
})

t.test('a stream may be on one side, without what is about files', async (t) => {
  t.equal(objection({ source: '-' }), undefined)
  t.equal(objection({ target: '-' }), undefined)
  t.equal(objection({ source: '-', force: true, verify: true, nodes: 'all' }), undefined)
  t.equal(
    objection({ source: '-', target: '-' }),
    'E_USAGE: one of FILE and TARGET has to be a file on hugetlbfs',
  )
  t.equal(
    objection({ target: '-', nodes: 'all' }),
    'E_USAGE: --node is about a file, and - is standard output',
  )
  t.equal(
    objection({ source: '-', preserve: true }),
    'E_USAGE: --preserve is about a file, and - is standard input',
  )
})

t.test('no file has such a path', async (t) => {
  t.equal(objection({ source: '' }), "E_USAGE: '' is not a path")
  t.equal(objection({ target: 'a\0b' }), "E_USAGE: 'a\0b' is not a path")
})

t.test('streams have names in sentences', async (t) => {
  t.strictSame(
    ['-', './-'].map((path) => [sourceName(path), targetName(path)]),
    [
      ['standard input', 'standard output'],
      ['./-', './-'],
    ],
  )
})

t.test('what a copy that fails leaves', async (t) => {
  t.equal(remainderWords('/mnt/huge/a'), 'nothing was left behind')
  t.equal(remainderWords('-'), 'what was written so far is not whole')
})
