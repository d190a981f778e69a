import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

// What is said of .ci/run against what it runs.

const top = join(import.meta.dirname, '../..')
const textOf = (path: string): string => readFileSync(join(top, path), 'utf8')
const script = textOf('.ci/run')
const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  textOf('package.json'),
)

/** The last command of a script, which runs the tests. */
const lastOf = (line: string): string =>
  (line.split('&&').at(-1) ?? '').replace(/^ *(?:exec )?/, '')

const isRun = (name: string, line: string): boolean =>
  script.includes(`npm run ${name}\n`) || script.includes(lastOf(line))

t.test('README.md names the tests that it does not run', async (t) => {
  const left = Object.entries(scripts)
    .filter(([name]) => name.startsWith('test:') && !scripts.test?.includes(`npm run ${name}`))
    .filter(([name, line]) => !isRun(name, line))
    .map(([name]) => name)
  const [, sentence = ''] =
    /^- `\.ci\/run`.*?Not run there: (.+?)\.\n/ms.exec(textOf('README.md')) ?? []
  const named = [...sentence.matchAll(/`(test:[\w:]+)`/g)].map(([, name]) => name)
  t.strictSame(named.sort(), left.sort())
})
