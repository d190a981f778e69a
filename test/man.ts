import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { loadAllCommands, optionsOf } from '../src/cli/commands.ts'
import { candidatesFor } from '../src/cli/completion/completion-text.ts'
import { commandHelp, overviewHelp } from '../src/cli/help.ts'
import { commonOptions, type Option } from '../src/cli/options/option.ts'
import { parse } from '../src/cli/parse.ts'
import { exitCodes, exitNo, exitPartial } from '../src/errors.ts'
import { fixedSettings } from '../src/model/config/tune/tuned-settings.ts'
import { findingNames } from '../src/model/doctor/findings/finding-table.ts'
import { usualColumns } from '../src/output/columns.ts'
import { hugepoolWords, unfoldedLines } from './helpers/manual-pages.ts'

const directory = fileURLToPath(new URL('../man', import.meta.url))
const overview = 'hugepool.8'
/** Pages of no command. */
const formats = ['hugepool-json.5', 'hugepool.toml.5']
const pageOf = (command: { readonly name: string }) => `hugepool-${command.name}.8`
const pathOf = (name: string) => `${directory}/${name}`
const names = readdirSync(directory).sort()
const textOf = (name: string) => readFileSync(pathOf(name), 'utf8')

const sorted = <T>(items: Iterable<T>): readonly T[] => [...new Set(items)].sort()

/** The lines of a section, headings of subsections included. */
const section = (page: string, title: string): readonly string[] => {
  const [, rest = ''] = page.split(`\n.Sh ${title}\n`)
  return (rest.split('\n.Sh ')[0] ?? '').split('\n')
}

/** `Fl -json` is one option; `Fl rn` are two letters. Only macro lines count, not examples. */
const flagsIn = (lines: readonly string[]): readonly string[] =>
  lines
    .filter((line) => line.startsWith('.'))
    .flatMap((line) => [...line.matchAll(/\bFl (\S+)/g)].map(([, word = '']) => word))
    .flatMap((word) => (word.startsWith('-') ? [`-${word}`] : [...word].map((one) => `-${one}`)))

/** The options of which a page has a paragraph. */
const itemFlags = (page: string): readonly string[] =>
  sorted(flagsIn(section(page, 'OPTIONS').filter((line) => line.startsWith('.It '))))

const terminal = 80

/** The lines of a page that are wider than a terminal as mandoc(1) shows it there. */
const tooWide = (name: string): readonly string[] => {
  const words = ['-Tutf8', `-Owidth=${terminal}`, pathOf(name)]
  const { stdout } = spawnSync('mandoc', words, { encoding: 'utf8' })
  // Bold and underlined letters are a letter, a backspace and a letter.
  const lines = stdout.replaceAll(/.[\b]/g, '').split('\n')
  if (lines.length < 20) throw new Error(`mandoc shows nothing of ${name}`)
  return lines.filter((line) => [...line].length > terminal)
}

/** The page of a command leaves the options of all commands to the overview. */
const commonReference =
  '\n.Ss Common options\nThose that every command has are in\n.Xr hugepool 8 .\n'

const spellings = (options: readonly Option[]): readonly string[] =>
  options.flatMap(({ name, letter }) => [`--${name}`, ...(letter ? [`-${letter}`] : [])])

/** A synopsis has the letter of an option where there is one. */
const shortest = ({ name, letter }: Option): string =>
  letter === undefined ? `--${name}` : `-${letter}`

const itemsIn = (lines: readonly string[], pattern: RegExp): readonly string[] =>
  lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])

const noFacts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }

/** Every status a command line can end with. */
const statuses = sorted([0, ...Object.values(exitCodes), exitNo, exitPartial].map(String))
const statusesIn = (page: string) => itemsIn(section(page, 'EXIT STATUS'), /^\.It (\d+)$/)

/** Lines after a shell prompt are meant to be typed. */
const examplesIn = (page: string): readonly string[] =>
  itemsIn(unfoldedLines(page), /^(?:\.Dl )?[$#] (.*)$/)

const commands = await loadAllCommands()

/** The words given to hugepool: up to what belongs to the shell. */
const accepts = async (t: Test, line: string): Promise<void> => {
  const words = hugepoolWords(line)
  t.ok(words, `'${line}' calls hugepool`)
  await t.resolves(async () => {
    const parsed = await parse(words ?? [])
    // What the operands and the values of options say is read here.
    if (parsed.kind === 'run') parsed.command.prepare(parsed.words)
  }, `'${line}' is accepted`)
}

t.test('every command has a page, and every other page but the overview a command', async (t) => {
  t.strictSame(names, sorted([overview, ...formats, ...commands.map(pageOf)]))
})

t.test('npm installs every page', async (t) => {
  const { man } = JSON.parse(readFileSync(join(directory, '../package.json'), 'utf8'))
  t.strictSame(
    man,
    names.map((name) => `./dist/man/${name}.gz`),
  )
})

for (const command of commands) {
  t.test(command.name, async (t) => {
    const page = textOf(pageOf(command))
    const help = commandHelp(command)
    const lines = page.split('\n')
    const expected = sorted(spellings(optionsOf(command)))

    t.test('the page says what it is about', async (t) => {
      t.match(page, `.Nm hugepool-${command.name}\n`)
      for (const name of [command.name, ...command.aliases])
        t.ok(
          lines.some((line) => line.startsWith(`.Cm ${name}`)),
          `.Cm ${name}`,
        )
    })

    t.test('options of the program, the page and the help are the same', async (t) => {
      const own = sorted(spellings(command.options))
      const common = sorted(spellings(commonOptions))
      t.strictSame(sorted([...own, ...common]), expected, 'its own and the common ones are all')
      t.strictSame(itemFlags(page), own, 'each of its own has its paragraph')
      t.match(page, commonReference, 'and the common ones are where it says')
      const brief = sorted(optionsOf(command).map(shortest))
      t.strictSame(sorted(flagsIn(section(page, 'SYNOPSIS'))), brief, 'the synopsis has all')
      const spoken = new Set(flagsIn(lines))
      t.strictSame(
        [...spoken].filter((flag) => !expected.includes(flag)),
        [],
        'no others are spoken of',
      )
      const helped = [...help.matchAll(/^ {2}(?:(-.), | {4})(--[a-z-]+)/gm)]
      t.strictSame(
        sorted(helped.flatMap(([, letter, name = '']) => (letter ? [letter, name] : [name]))),
        expected,
        'the help has them too',
      )
    })

    t.test('completion offers the same options', async (t) => {
      const offered = (await candidatesFor([command.name, '-'], noFacts)).map(({ text }) => text)
      t.strictSame(sorted(offered), expected)
    })

    t.test('values of options have the same names', async (t) => {
      for (const { name, letter, value, bare } of command.options) {
        const short = letter === undefined ? '' : `Fl ${letter} , `
        const shown = bare === undefined ? `Ar ${value}` : `Ns Op = Ns Ar ${value}`
        if (value !== undefined)
          t.ok(lines.includes(`.It ${short}Fl -${name} ${shown}`), `--${name} ${value}`)
      }
    })

    t.test('columns of the program, the page and the help are the same', async (t) => {
      const columns = command.columns.map(({ name }) => name)
      t.strictSame(itemsIn(section(page, 'COLUMNS'), /^\.It Cm (\S+)$/), columns, 'in the page')
      const [, table = ''] = help.split('\nColumns:\n')
      const [rows = ''] = table.split('\n\n')
      t.strictSame(itemsIn(rows.split('\n'), /^ {2}(\S+) {2}/), columns, 'in the help')
    })

    t.test('the page says which columns are usual', async (t) => {
      const usual = usualColumns(command.columns, [])
      const told = section(page, 'COLUMNS').join(' ')
      if (usual.length === command.columns.length)
        return t.match(told, usual.length === 0 ? /^$/ : /^All are shown\. /)
      const [, list = ''] = /(?:^|\. )Usual are ([A-Z, -]+ and [A-Z-]+)/.exec(told) ?? []
      return t.strictSame(list.split(/, | and /), usual)
    })

    t.test('exit statuses of the page exist', async (t) => {
      const told = statusesIn(page)
      t.ok(told.length > 0)
      t.strictSame(
        told.filter((status) => !statuses.includes(status)),
        [],
      )
    })

    t.test('examples of the help and of the page are accepted', async (t) => {
      const inPage = examplesIn(page)
      for (const { line } of command.examples) await accepts(t, line)
      for (const line of inPage) await accepts(t, line)
      t.ok(inPage.length > 0)
    })
  })
}

t.test('overview', async (t) => {
  const page = textOf(overview)

  t.test('lists every command', async (t) => {
    const listed = itemsIn(section(page, 'DESCRIPTION'), /^\.It Xr hugepool-(\S+) 8$/)
    const expected = commands.map(({ name }) => name)
    t.strictSame(listed, expected)
    const help = overviewHelp()
    const offered = (await candidatesFor([''], noFacts)).map(({ text }) => text)
    t.strictSame(sorted(offered), sorted([...expected, 'help']), 'completion offers them')
    for (const { name, summary } of commands)
      t.match(help, new RegExp(`^ +${name} +${summary}$`, 'm'))
  })

  t.test('explains the options that every command has', async (t) => {
    t.strictSame(itemFlags(page), sorted(spellings(commonOptions)))
    for (const { name, letter, value } of commonOptions) {
      const flags = `${letter === undefined ? '' : `Fl ${letter} , `}Fl -${name}`
      const line = section(page, 'OPTIONS').find((each) => each.startsWith(`.It ${flags}`)) ?? ''
      t.equal(line !== `.It ${flags}`, value !== undefined, `--${name} ${value ?? ''}`)
    }
  })

  t.test('explains every exit status and error code', async (t) => {
    t.strictSame(sorted(statusesIn(page)), statuses)
    const codes = section(page, 'EXIT STATUS').flatMap((line) => line.match(/\bE_[A-Z]+/g) ?? [])
    t.strictSame(sorted(codes), sorted(Object.keys(exitCodes)))
  })

  t.test('speaks of no option that does not exist', async (t) => {
    const known = spellings([...commonOptions, ...commands.flatMap(({ options }) => options)])
    const unknown = flagsIn(page.split('\n')).filter((flag) => !known.includes(flag))
    t.strictSame(unknown, [])
  })

  t.test('its examples are accepted, and those of pages of no command', async (t) => {
    for (const line of [page, ...formats.map(textOf)].flatMap(examplesIn)) await accepts(t, line)
  })
})

for (const name of names) {
  t.test(name, async (t) => {
    t.notMatch(textOf(name), /[^\n\x20-\x7e]/, 'has nothing but ASCII')
    const { error, stdout, stderr } = spawnSync('mandoc', ['-Tlint', '-W', 'warning', pathOf(name)])
    t.equal(error, undefined, 'mandoc runs (the Debian package mandoc)')
    t.equal(`${stdout}${stderr}`, '', 'mandoc finds nothing to say')
    t.strictSame(tooWide(name), [], 'no line is wider than a terminal, examples included')
  })
}

t.test('the page of doctor has a paragraph on every finding, in their order', async (t) => {
  const [, rest = ''] = textOf('hugepool-doctor.8').split('\n.Ss Findings\n')
  const lines = (rest.split('\n.Sh ')[0] ?? '').split('\n')
  t.strictSame(itemsIn(lines, /^\.It Cm (\S+)$/), findingNames)
})

t.test(
  'the settings for which tune recommends a value are those that its page names',
  async (t) => {
    const facts = {
      pools: [{ size: 2n ** 21n, persistent: 2n ** 20n, most: 2n ** 20n }],
      basePage: 4096n,
      memory: 2n ** 40n,
      zones: 3n,
      thpSize: 2n ** 21n,
    }
    const having = fixedSettings.filter(({ recommend }) => recommend?.(facts) !== undefined)
    const [, named = ''] =
      /\nThere is a value for\n([\s\S]*?)\nand for no other:\n/.exec(textOf('hugepool-tune.8')) ??
      []
    t.strictSame(
      sorted(
        named
          .replaceAll(/\.Cm|\band\b|,/g, '')
          .trim()
          .split(/\s+/),
      ),
      sorted(having.map(({ key }) => key)),
    )
  },
)
