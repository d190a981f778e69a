import type { AnyCommand } from './command.ts'
import { applyCommand } from './commands/apply.ts'
import { bootCommand } from './commands/boot.ts'
import { checkCommand } from './commands/check.ts'
import { completionCommand } from './commands/completion.ts'
import { cpCommand } from './commands/cp.ts'
import { demoteCommand } from './commands/demote.ts'
import { exportCommand } from './commands/export.ts'
import { filesCommand } from './commands/files.ts'
import { listCommand } from './commands/list.ts'
import { mountCommand } from './commands/mount.ts'
import { mountsCommand } from './commands/mounts.ts'
import { overcommitCommand } from './commands/overcommit.ts'
import { schemaCommand } from './commands/print-schema.ts'
import { resizeCommand } from './commands/resize.ts'
import { serviceCommand } from './commands/service.ts'
import { testCommand } from './commands/test.ts'
import { umountCommand } from './commands/umount.ts'
import { whoCommand } from './commands/who.ts'
import { commonOptions, type Option } from './options/option.ts'

/** All commands in the order in which help shows them. */
export const commands: readonly AnyCommand[] = [
  listCommand,
  resizeCommand,
  overcommitCommand,
  demoteCommand,
  mountsCommand,
  mountCommand,
  umountCommand,
  cpCommand,
  testCommand,
  whoCommand,
  filesCommand,
  applyCommand,
  checkCommand,
  bootCommand,
  serviceCommand,
  exportCommand,
  schemaCommand,
  completionCommand,
]

/** The command that runs where none is named. */
export const defaultCommand: AnyCommand = listCommand

export const findCommand = (word: string): AnyCommand | undefined =>
  commands.find(({ name, aliases }) => name === word || aliases.includes(word))

/** Returns the options of a command, followed by those that all commands have. */
export const optionsOf = ({ options }: AnyCommand): readonly Option[] => [
  ...options,
  ...commonOptions,
]
