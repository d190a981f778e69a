import { type FakeKernel, fakeKernel } from './fake-kernel/fake-kernel.ts'
import * as fc from './property.ts'
import { G, M } from './sizes.ts'

/** A machine with up to three nodes, pools, and processes that use them. */
export interface Recipe {
  readonly release: string
  /** MiB of memory by node; 0 for one without memory. */
  readonly memory: readonly number[]
  /** Persistent pages on the nodes that have memory, by page size. */
  readonly small: readonly number[]
  readonly gigantic: readonly number[]
  readonly overcommit: number
  readonly mappings: readonly { readonly large: boolean; readonly pages: number; touch: number }[]
}

const byNode = ({ memory }: Recipe, pages: readonly number[]): Record<number, bigint> =>
  Object.fromEntries(memory.map((bytes, id) => [id, bytes > 0 ? BigInt(pages[id] ?? 0) : 0n]))

/** Builds the machine of a recipe: twice the same one. A mapping that does not fit is left out. */
export const cook = (recipe: Recipe): FakeKernel => {
  const kernel = fakeKernel({
    release: recipe.release,
    nodes: recipe.memory.map((size, id) => ({ id, memory: BigInt(size) * M })),
    pools: [
      {
        size: 2n * M,
        persistent: byNode(recipe, recipe.small),
        overcommit: BigInt(recipe.overcommit),
      },
      { size: G, persistent: byNode(recipe, recipe.gigantic) },
    ],
  })
  for (const { large, pages, touch } of recipe.mappings) {
    try {
      kernel.map(large ? G : 2n * M, BigInt(pages)).touch(BigInt(Math.min(touch, pages)))
    } catch {}
  }
  return kernel
}

const upTo = (max: number) => fc.nat({ max })
const threeOf = (max: number) => fc.array(upTo(max), { minLength: 3, maxLength: 3 })

/** Machines of one to three nodes, of which the last may be without memory. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  release: fc.constantFrom('5.10', '6.1', '6.12', '6.19', '7.0'),
  memory: fc.constantFrom([4096], [4096, 6144], [4096, 4096, 0], [4096, 8192, 4096], [4096, 0]),
  small: threeOf(9),
  gigantic: threeOf(3),
  overcommit: upTo(6),
  mappings: fc.array(fc.record({ large: fc.boolean(), pages: upTo(6), touch: upTo(6) }), {
    maxLength: 3,
  }),
})
