import yargs, { type Argv } from 'yargs'

/**
 * Keeps yargs from guessing: numbers, camel case, `--no-` and dots have no special meaning. All
 * values of a repeated option are kept.
 */
const configuration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'flatten-duplicate-arrays': true,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': false,
  'short-option-groups': true,
  'sort-commands': false,
  'strip-aliased': true,
}

/** The width of help in columns, however wide the terminal is. */
export const helpWidth = 80

/**
 * Makes a yargs that knows no options and no commands. It neither prints nor exits, and it asks
 * neither for the language nor for the working directory, which may be gone.
 */
export const quietYargs = (): Argv =>
  yargs([], '/')
    .scriptName('')
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .wrap(helpWidth)
    .parserConfiguration(configuration)
