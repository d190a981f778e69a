import { writeSync } from 'node:fs'
import { serveMapping } from '../../src/kernel/mapping/sharing/share-worker.ts'
import type { Native } from '../../src/kernel/native/native.ts'
import type { OwnMapping } from '../../src/kernel/native/native-mapping.ts'
import { forksNot } from './fake-fork.ts'
import { native } from './mapping.ts'

// A process that shares a mapping: by the addon, or with `slow` by one that is only told of.

const standardError = 2
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

const done = { pages: 1, seconds: 0.25, stopped: false, reached: 1 }

const slowMapping = (): OwnMapping => {
  let visited = 0
  return {
    address: 4096n,
    pages: 8,
    touch: async () => {
      for (visited = 1; visited < 4; visited += 1) await pause(100)
      return done
    },
    touched: () => visited,
    stop: () => {
      throw 'no error object'
    },
    write: () => Promise.reject(new Error('without an errno')),
    verify: async () => done,
    store: () => {},
    nodes: () => [0, -2],
    ...forksNot,
    unmap: async () => {
      writeSync(standardError, 'unmapped\n')
    },
  }
}

const slow: Pick<Native, 'map' | 'endWithParent'> = {
  endWithParent: () => {},
  map: async () => {
    writeSync(standardError, 'mapping\n')
    await pause(200)
    return slowMapping()
  },
}

await serveMapping(process.argv[2] === 'slow' ? (slow as Native) : native)
