import { readdirSync } from 'node:fs'
import tap, { type Test } from 'tap'

/*
 * The test files of a folder, one after the other in one process: starting tap takes a process longer
 * than most files take. The load hook gives each of them, for `tap`, the subtest that bears its name.
 */

const top = new URL('../..', import.meta.url)

let current: Test = tap

// biome-ignore lint/style/noDefaultExport: it stands for tap, whose default export is the test.
export { current as default }

export const runTogether = async (folder: string): Promise<void> => {
  const names = readdirSync(new URL(folder, top), { recursive: true, encoding: 'utf8' })
  for (const name of names.filter((one) => one.endsWith('.ts')).sort())
    await tap.test(`${folder}/${name}`, async (t) => {
      current = t
      await import(`${new URL(`${folder}/${name}`, top).href}?together`)
    })
}
