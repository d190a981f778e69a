import yargs, { type Argv } from 'yargs'

/** Nothing is guessed: no numbers, no camel case, no `--no-`, no dots. Repeated values are kept. */
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

/** Columns of a terminal that help is written for, however wide the one at hand is. */
export const helpWidth = 80

/**
 * A yargs that has been told nothing yet. It prints nothing and ends nothing, and it asks neither
 * for the language nor for the working directory, which may be gone.
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
