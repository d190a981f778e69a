import t from 'tap'
import type { FakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { onFake } from '../../helpers/on-fake.ts'
import * as fc from '../../helpers/property.ts'
import { cook, type Recipe, recipes } from '../../helpers/recipes.ts'

interface Wish {
  readonly recipe: Recipe
  /** Pages that are left to the pools while others use them: some become surplus. */
  readonly shrunk: number | undefined
  readonly line: string
}

const places = [
  '',
  ' --noreserve',
  ' --noreserve --mempolicy bind:1',
  ' --mempolicy bind:0',
  ' --mempolicy bind:0-1',
  ' --mempolicy bind:1',
]

const wishes: fc.Arbitrary<Wish> = fc.record({
  recipe: recipes,
  shrunk: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
  line: fc
    .tuple(
      fc.constantFrom('2M=', '1G='),
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 30 }) }, fc.constant('max')),
      fc.constantFrom(...places),
    )
    .map(([size, pages, place]) => `test ${size}${pages}${place}`),
})

const prepared = async ({ recipe, shrunk }: Wish): Promise<FakeKernel> => {
  const kernel = cook(recipe)
  kernel.extra.set('/proc/self/mountinfo', '')
  if (shrunk !== undefined) await onFake(kernel, `resize 2M=${shrunk} 1G=${shrunk}`)
  return kernel
}

const tested = (kernel: FakeKernel, line: string) =>
  onFake(kernel, line, { mapper: fakeMapper(kernel) })

const commands = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/^hint: 'hugepool ((?:resize|overcommit) [^']+)'/gm)].map(
    ([, command = '']) => command,
  )

/** Whether advice that could be followed to its end has helped; undefined where it could not. */
const helped = async (wish: Wish, command: string): Promise<boolean | undefined> => {
  const kernel = await prepared(wish)
  if ((await onFake(kernel, command)).status !== 0) return undefined
  const { status, stderr } = await tested(kernel, wish.line)
  // The memory for surplus pages is only looked for when they are needed.
  return status === 0 || /memory was not found|no memory was found/.test(stderr)
}

t.test('property: advice that is followed makes room', async (t) => {
  let followed = 0
  const check = async (wish: Wish): Promise<boolean> => {
    const { stderr } = await tested(await prepared(wish), wish.line)
    const all = await Promise.all(commands(stderr).map((command) => helped(wish, command)))
    followed += all.filter((one) => one === true).length
    return !all.includes(false)
  }
  await fc.assert(fc.asyncProperty(wishes, check), { numRuns: 80 })
  t.ok(followed > 20, `${followed} of them`)
})
