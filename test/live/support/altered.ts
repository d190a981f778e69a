import type { Native } from '../../../src/kernel/native/native.ts'
import type { OwnMapping } from '../../../src/kernel/native/native-mapping.ts'
import { testSchema } from '../../../src/output/schemas/test-schema.ts'
import { forksNot } from '../../helpers/fake-fork.ts'
import { parseExact } from '../../helpers/json.ts'
import { native, within } from './program.ts'

/** What is done otherwise than the addon does it; the kernel is the real one. */
export interface Alteration {
  readonly canPopulate?: boolean
  /** In place of how long a page is waited for. */
  readonly stuckSeconds?: number
  /** Done once, when everything is mapped and nothing touched. */
  readonly onceMapped?: () => void
  /** Done once, when --hold has begun. */
  readonly onceHeld?: () => void
}

const touching = (mapping: OwnMapping, { stuckSeconds }: Alteration): OwnMapping => ({
  address: mapping.address,
  pages: mapping.pages,
  touch: (request) =>
    mapping.touch(stuckSeconds === undefined ? request : { ...request, stuckSeconds }),
  touched: () => mapping.touched(),
  stop: () => mapping.stop(),
  write: (...range) => mapping.write(...range),
  verify: (...range) => mapping.verify(...range),
  store: (...data) => mapping.store(...data),
  nodes: (from, to) => mapping.nodes(from, to),
  ...forksNot,
  unmap: () => mapping.unmap(),
})

/** Runs `test` within this process, with an addon that is altered, and reads its document. */
export const testAltered = async (alteration: Alteration, ...words: readonly string[]) => {
  const real = native()
  const { canPopulate = real.canPopulate(), onceMapped, onceHeld } = alteration
  const altered: Native = {
    ...real,
    canPopulate: () => canPopulate,
    map: async (request) => {
      const mapping = await real.map(request)
      onceMapped?.()
      return touching(mapping, alteration)
    },
  }
  const heard = (piece: string) => {
    if (/ holds .*Ctrl-C releases them/.test(piece)) onceHeld?.()
  }
  const result = await within(['test', ...words, '--json'], { loadNative: () => altered }, heard)
  return { ...result, document: testSchema.parse(parseExact(result.out)) }
}
