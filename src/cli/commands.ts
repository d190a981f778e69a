import type { AnyCommand } from './command.ts'
import { completion } from './commands/completion.ts'
import { demote } from './commands/demote.ts'
import { list } from './commands/list.ts'
import { mount } from './commands/mount.ts'
import { mounts } from './commands/mounts.ts'
import { overcommit } from './commands/overcommit.ts'
import { resize } from './commands/resize.ts'
import { test } from './commands/test.ts'
import { umount } from './commands/umount.ts'
import { commonOptions, type Option } from './options/option.ts'

/** In the order in which help shows them. */
export const commands: readonly AnyCommand[] = [
  list,
  resize,
  overcommit,
  demote,
  mounts,
  mount,
  umount,
  test,
  completion,
]

/** What `hugepool` alone means. */
export const defaultCommand: AnyCommand = list

export const findCommand = (word: string): AnyCommand | undefined =>
  commands.find(({ name, aliases }) => name === word || aliases.includes(word))

/** The options of a command: its own and those that all have. */
export const optionsOf = ({ options }: AnyCommand): readonly Option[] => [
  ...options,
  ...commonOptions,
]
