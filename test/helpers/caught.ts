import { type Ending, main, type Outside } from '../../src/main.ts'
import { present } from '../../src/model/words/present.ts'
import type { Streams } from '../../src/output/streams.ts'
import { fakeClock } from './fake-clock.ts'

/** What a command line came to, as its caller sees it. */
export interface Result {
  readonly status: Ending
  readonly stdout: string
  readonly stderr: string
}

/** What a test gives to the program beside the streams, as far as it matters there. */
type Given = {
  readonly [Key in keyof Omit<Outside, 'streams' | 'loadNative'>]: Outside[Key] | undefined
}

/** Runs a command line within this process, keeps what it prints and never loads the addon. */
export const caught = async (
  argv: readonly string[],
  streams: Omit<Streams, 'out' | 'err'>,
  given: Given,
): Promise<Result> => {
  const said = { stdout: '', stderr: '' }
  const status = await main(argv, {
    streams: {
      ...streams,
      out: (text) => {
        said.stdout += text
      },
      err: (text) => {
        said.stderr += text
      },
    },
    loadNative: () => {
      throw new Error('no test on a fake or recorded machine may load the addon')
    },
    ...present({ ...given, clock: given.clock ?? fakeClock() }),
  })
  return { status, ...said }
}
