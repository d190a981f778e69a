import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'

/** A name that stands at the top of a file. */
interface Declared {
  readonly name: string
  /** Others can see it, or it is a type: the words in which the code is thought. */
  readonly isWord: boolean
}

const declaration =
  /^(export )?(?:declare )?(?:abstract )?(?:async )?(const|let|function\*?|class|type|interface|enum) (\w+)/gm

const declaredIn = (text: string): readonly Declared[] =>
  [...text.matchAll(declaration)].map(([, exported, kind = '', name = '']) => ({
    name,
    isWord: exported !== undefined || ['class', 'type', 'interface', 'enum'].includes(kind),
  }))

/** Words that more than one file declares, each with its files: they would have two senses. */
const ambiguous = (texts: ReadonlyMap<string, string>): readonly string[] => {
  const files = new Map<string, Set<string>>()
  const words = new Set<string>()
  for (const [file, text] of texts)
    for (const { name, isWord } of declaredIn(text)) {
      files.set(name, (files.get(name) ?? new Set()).add(file))
      if (isWord) words.add(name)
    }
  return [...words].flatMap((word) => {
    const homes = [...(files.get(word) ?? [])]
    return homes.length > 1 ? [`${word}: ${homes.sort().join(', ')}`] : []
  })
}

const ownFunction =
  /^(?:async )?(?:function\*? (\w+)|const (\w+)(?:: .*)? =(?:$| (?:async )?(?:<|\()))/gm

/** A command file has these parts. */
const partsOfCommand: readonly string[] = ['resolve', 'run', 'view']

/** Names that more than two files give to functions of their own: in each they mean something else. */
const wornOut = (texts: ReadonlyMap<string, string>): readonly string[] => {
  const files = new Map<string, string[]>()
  for (const [file, text] of texts)
    for (const [, one, other = ''] of text.matchAll(ownFunction))
      files.set(one ?? other, [...(files.get(one ?? other) ?? []), file])
  return [...files].flatMap(([name, homes]) =>
    homes.length > 2 && !partsOfCommand.includes(name) ? [`${name}: ${homes.join(', ')}`] : [],
  )
}

/**
 * Names that are not the same but have the same words, each after the first of them: `test-mapping`
 * and `mapping-test` could be mistaken for each other, and so could `limits-of-process` and
 * `process-limits`. A header and its source have one name, and one of many things is named as one is.
 */
const sameWords = (files: readonly string[]): readonly string[] => {
  const names = [...new Set(files.map((file) => basename(file).replace(/\.\w+$/, '')))]
  const sorted = names.map((name) =>
    name
      .split('-')
      .filter((word) => !['of', 'at'].includes(word))
      .sort()
      .join('-'),
  )
  return names.filter((_, index) => sorted.indexOf(sorted[index] ?? '') !== index)
}

const source = join(import.meta.dirname, '../src')

const texts = new Map(
  readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(join(source, name), 'utf8')] as const),
)

t.test('each word has one sense: no exported name or type is declared twice', async (t) => {
  const all = [...texts.values()].flatMap(declaredIn)
  t.ok(all.filter(({ isWord }) => isWord).length > 400, 'the names are found')
  t.strictSame(ambiguous(texts), [])
})

t.test('functions of several files are named for what they tell', async (t) => {
  const found = [...texts.values()].flatMap((text) => [...text.matchAll(ownFunction)])
  t.ok(found.length > 1000, 'the functions are found')
  t.strictSame(wornOut(texts), [])
})

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(import.meta.dirname, '..', folder), {
    recursive: true,
    encoding: 'utf8',
  }).filter((file) => /\.(ts|cc|h|sh)$/.test(file) && !/^(fixtures|build)\//.test(file))

for (const folder of ['src', 'test', 'native'])
  t.test(`no two files of ${folder} have names of the same words`, async (t) => {
    const files = filesBelow(folder)
    t.ok(files.length > 20, 'the files are found')
    t.strictSame(sameWords(files), [])
  })

/** What is done in one file, or a few that have a reason: others call those. */
const homes: readonly (readonly [what: string, pattern: RegExp, files: readonly string[]])[] = [
  [
    'the directory and the last name of a path', // Two walk over a path, or keep its slash.
    /lastIndexOf\('\/'|split\('\/'\)\.(?:at|pop)\(/,
    ['kernel/root-path.ts', 'model/etc/path-parts.ts', 'model/processes/files/restored-name.ts'],
  ],
  [
    'ids and capabilities in a status',
    /statusLine\(.*'(?:Uid|Gid|Cap\w+)'|0x\$\{\w*(?:mask|cap)/i,
    [],
  ],
  ['namespaces of a process', /readlinkSync\(.*\/ns\//, ['kernel/namespace-link.ts']],
  ['JSON that may be none', /^ {2,}return JSON\.parse/m, ['model/etc/json-value.ts']],
  ['limits of a process', /\/limits[`']/, ['kernel/processes/read-process-limits.ts']],
  [
    'numbers of capabilities',
    /include\/uapi\/linux\/capability\.h/,
    ['model/processes/capability.ts'],
  ],
]

for (const [what, pattern, files] of homes)
  t.test(`in one place: ${what}`, async (t) => {
    const found = [...texts].flatMap(([file, text]) => (pattern.test(text) ? [file] : []))
    t.strictSame(found.sort(), files)
  })

/** Comments that lean on the one above them: who reads them first has to go back and find what is meant. */
const leaning = (text: string): readonly string[] =>
  text.match(/(?:\/\*\*|\/\/|\/\*\*?\n\s*\*) The same\b[^\n]*/g) ?? []

t.test('every comment is understood by itself', async (t) => {
  const found = ['src', 'test', 'native'].flatMap((folder) =>
    filesBelow(folder).flatMap((file) =>
      leaning(readFileSync(join(import.meta.dirname, '..', folder, file), 'utf8')).map(
        (comment) => `${folder}/${file}: ${comment}`,
      ),
    ),
  )
  t.strictSame(found, [])
})

t.test('the rule notices a comment that leans on another', async (t) => {
  const same = `The ${'same'}`
  const comments = [`/** ${same} for a thread. */`, `/**\n * ${same}.`, `// ${same} here`]
  t.strictSame(leaning(`${comments[0]}\n${comments[1]}\n */\n  ${comments[2]}`), comments)
  t.strictSame(leaning(`/** Tells the same of a thread. */\nconst words = '${same}'`), [])
})

t.test('the rules notice a word with two senses', async (t) => {
  const first = 'export interface Step {\n  readonly a: 1\n}\nconst help = 1\n'
  const second = 'type Step = 2\nconst help = 2\n'
  t.strictSame(
    ambiguous(
      new Map([
        ['a.ts', first],
        ['b.ts', second],
      ]),
    ),
    ['Step: a.ts, b.ts'],
    'what only a file itself sees may be called as in another, a type not',
  )
  t.strictSame(
    ambiguous(
      new Map([
        ['a.ts', 'export const made = 1\n'],
        ['b.ts', 'const made = 2\n'],
      ]),
    ),
    ['made: a.ts, b.ts'],
    'nor may a file have its own thing by a name that others know',
  )
  const named = (...texts: readonly string[]) =>
    wornOut(new Map(texts.map((text, index) => [`${index}.ts`, text])))
  t.strictSame(
    named(
      'const wordsOf = (a: 1) => a\n',
      'const wordsOf =\n  (a: 1) =>\n',
      'const wordsOf: F = <T>(',
      'async function help() {\n',
    ),
    ['wordsOf: 0.ts, 1.ts, 2.ts'],
  )
  const words = 'const words = [1]\n  const f = (a: 1) => a\nconst resolve = () => 1\n'
  t.strictSame(named(words, words, words), [], 'a table, what stands within a function')
  t.strictSame(sameWords(['test-mapping.ts', 'mapping.ts', 'mapping-test.ts']), ['mapping-test'])
  t.strictSame(
    sameWords(['cli/mount-persist.ts', 'live/mount-persist.ts', 'live/persist-mount.sh']),
    ['persist-mount'],
    'one name in two folders is no mistake, another order of its words is one',
  )
  t.strictSame(sameWords(['page-visit.h', 'page-visit.cc', 'visit-page.cc']), ['visit-page'])
})
