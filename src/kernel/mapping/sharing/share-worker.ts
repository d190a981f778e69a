import { createReadStream, writeSync } from 'node:fs'
import { present } from '../../../model/words/present.ts'
import { callOf, errnoOf } from '../../errno.ts'
import type { Native } from '../../native/native.ts'
import type { Mapping } from '../../native/native-mapping.ts'
import { type Answer, byLine, type Call, type CallName } from './share-conversation.ts'

const standardInput = 0
const standardOutput = 1
const reportMilliseconds = 100

const say = (answer: Answer): void => {
  writeSync(standardOutput, `${JSON.stringify(answer)}\n`)
}

type Calls = Record<CallName, (...args: never[]) => unknown>

const callsOf = (
  native: Native,
  ended: () => boolean,
): { calls: Calls; end: () => Promise<void> } => {
  let mapping: Mapping | undefined
  const mapped = (): Mapping => {
    if (mapping === undefined) throw new Error('nothing is mapped')
    return mapping
  }
  const reporting = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setInterval(() => say({ touched: mapped().touched() }), reportMilliseconds)
    return work.finally(() => clearInterval(timer))
  }
  const calls: Calls = {
    map: async (request: Parameters<Native['map']>[0]) => {
      mapping = await native.map(request)
      if (ended()) await mapping.unmap()
    },
    touch: (request: Parameters<Mapping['touch']>[0]) => reporting(mapped().touch(request)),
    stop: () => mapped().stop(),
    write: (...range: Parameters<Mapping['write']>) => reporting(mapped().write(...range)),
    verify: (...range: Parameters<Mapping['verify']>) => reporting(mapped().verify(...range)),
    nodes: (from: number, to: number) => mapped().nodes(from, to),
    unmap: () => mapped().unmap(),
  }
  return { calls, end: async () => mapping?.unmap() }
}

const answer = async (calls: Calls, { id, name, args }: Call): Promise<void> => {
  try {
    const value = await (calls[name] as (...all: readonly unknown[]) => unknown)(...args)
    say({ id, value })
  } catch (error) {
    const code = errnoOf(error)
    const syscall = callOf(error)
    const message = error instanceof Error ? error.message : `${error}`
    say({ id, error: present({ message, code, syscall }) })
  }
}

/**
 * Serves the process that started this one to share its mapping. Takes calls from standard input,
 * and unmaps at the end of the input, which also comes when that process ends.
 */
export const serveMapping = (native: Native): Promise<void> =>
  new Promise((resolve) => {
    // A stopped process sees no end of its input, so the kernel has to end it with its parent.
    native.endWithParent()
    let over = false
    const { calls, end } = callsOf(native, () => over)
    const finish = (): void => {
      over = true
      end().then(resolve, () => resolve())
    }
    createReadStream('', { fd: standardInput, encoding: 'utf8' })
      .on('data', byLine((line) => void answer(calls, JSON.parse(line)).catch(finish)) as never)
      .on('end', finish)
      .on('error', finish)
  })
