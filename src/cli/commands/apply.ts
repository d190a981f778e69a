import { present } from '../../model/words/present.ts'
import type { ApplyDryRun, ApplyRequest } from '../../operations/config/apply-configuration.ts'
import type { ApplyResult } from '../../operations/config/apply-result.ts'
import { configChangeColumns } from '../../output/config/item-rows.ts'
import { define, type Words } from '../command.ts'
import {
  applyAllOrNothingOption,
  applyDryRunOption,
  bootOption,
  configOption,
  pruneOption,
} from '../options/config-option.ts'
import { compactOption, leaveOption, noProgressOption, noWaitOption } from '../options/option.ts'
import { typedLeave, typedSource } from '../typed-values.ts'
import { applyView } from '../views/apply-view.ts'

const resolve = (words: Words): ApplyRequest => {
  const { switches } = words
  return present({
    source: typedSource(words),
    leave: typedLeave(words),
    dryRun: switches.has(applyDryRunOption.name),
    allOrNothing: switches.has(applyAllOrNothingOption.name),
    compact: switches.has(compactOption.name),
    wait: !switches.has(noWaitOption.name),
    prune: switches.has(pruneOption.name),
    boot: switches.has(bootOption.name),
  })
}

export const applyCommand = define<'apply', ApplyRequest, ApplyResult | ApplyDryRun>({
  details: [
    'The configuration is /etc/hugepool.toml and the files of hugepool.d, as hugepool.toml(5)',
    'says. What is there already is left alone. One pool that cannot be had does not keep the',
    'others from being set: the exit status is 64 where something essential falls short.',
  ],
  operands: { usage: '', least: 0, most: 0, completes: 'file' },
  options: [
    configOption,
    applyAllOrNothingOption,
    compactOption,
    leaveOption,
    pruneOption,
    bootOption,
    noWaitOption,
    noProgressOption,
    applyDryRunOption,
  ],
  columns: configChangeColumns,
  examples: [
    { line: 'hugepool apply --dry-run', meaning: 'what would be done?' },
    { line: 'hugepool apply', meaning: 'do it' },
    { line: 'hugepool apply --config new.toml --all-or-nothing', meaning: 'this file, or nothing' },
  ],
  resolve,
  run: async (request, ports) =>
    (await import('../../operations/config/apply-configuration.ts')).applyConfiguration(
      ports,
      request,
    ),
  view: (result, { boot }) => applyView(result, boot),
})
