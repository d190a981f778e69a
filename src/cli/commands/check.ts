import type { CheckResult } from '../../operations/config/check-configuration.ts'
import type { ConfigSource } from '../../operations/config/read-configuration.ts'
import { itemColumns } from '../../output/config/item-rows.ts'
import { define } from '../command.ts'
import { configOption, syntaxOption, verboseOption } from '../options/config-option.ts'
import { typedSource } from '../typed-values.ts'
import { checkView } from '../views/check-view.ts'

interface TypedCheck {
  readonly source: ConfigSource
  readonly syntax: boolean
  readonly verbose: boolean
}

export const checkCommand = define<'check', TypedCheck, CheckResult>({
  details: [
    'Reads only. The configuration is /etc/hugepool.toml and the files of hugepool.d, as',
    'hugepool.toml(5) says. Who else sets the same at a start is told, and who wins. The exit',
    'status is 5 where the machine has drifted, 2 for files that are wrong, and 64 where it could',
    'not be told.',
  ],
  operands: { usage: '', least: 0, most: 0, completes: 'file' },
  options: [configOption, syntaxOption, verboseOption],
  columns: itemColumns,
  examples: [
    { line: 'hugepool check', meaning: 'is everything as it was configured?' },
    { line: 'hugepool check --verbose', meaning: 'and which files say so' },
    { line: 'hugepool check --syntax --config new.toml', meaning: 'the file alone' },
  ],
  resolve: (words) => ({
    source: typedSource(words),
    syntax: words.switches.has(syntaxOption.name),
    verbose: words.switches.has(verboseOption.name),
  }),
  run: async ({ source, syntax }, ports) =>
    (await import('../../operations/config/check-configuration.ts')).checkConfiguration(
      ports,
      source,
      { syntax },
    ),
  view: (result, { verbose }) => checkView(result, verbose),
})
