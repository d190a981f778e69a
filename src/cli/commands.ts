import type { AnyCommand, CommandName, DefinedCommand } from './command.ts'
import { commonOptions, type Option, perNodeOption } from './options/option.ts'

/** A command as it is named, and its file, which is loaded only where it is needed. */
export interface NamedCommand extends CommandName {
  readonly load: () => Promise<DefinedCommand>
}

/** All commands in the order in which help shows them. */
export const commands: readonly NamedCommand[] = [
  {
    name: 'list',
    aliases: [],
    summary: 'show the pools of every page size',
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  {
    name: 'resize',
    aliases: ['set'],
    summary: 'set the persistent pages of pools',
    load: async () => (await import('./commands/resize.ts')).resizeCommand,
  },
  {
    name: 'overcommit',
    aliases: [],
    summary: 'set how many surplus pages pools may have',
    load: async () => (await import('./commands/overcommit.ts')).overcommitCommand,
  },
  {
    name: 'demote',
    aliases: [],
    summary: 'split pages of a pool into pages of a smaller size',
    load: async () => (await import('./commands/demote.ts')).demoteCommand,
  },
  {
    name: 'mounts',
    aliases: [],
    summary: 'show the hugetlbfs mounts',
    load: async () => (await import('./commands/mounts.ts')).mountsCommand,
  },
  {
    name: 'mount',
    aliases: [],
    summary: 'mount hugetlbfs, with limits and guarantees',
    load: async () => (await import('./commands/mount.ts')).mountCommand,
  },
  {
    name: 'umount',
    aliases: [],
    summary: 'unmount hugetlbfs and tell what came back to the pool',
    load: async () => (await import('./commands/umount.ts')).umountCommand,
  },
  {
    name: 'cp',
    aliases: [],
    summary: 'copy a file onto hugetlbfs or from it',
    load: async () => (await import('./commands/cp.ts')).cpCommand,
  },
  {
    name: 'test',
    aliases: [],
    summary: 'allocate and touch a test mapping and show what the pool did',
    load: async () => (await import('./commands/test.ts')).testCommand,
  },
  {
    name: 'who',
    aliases: [],
    summary: 'show who and what holds pages, and how many nobody explains',
    load: async () => (await import('./commands/who.ts')).whoCommand,
  },
  {
    name: 'watch',
    aliases: [],
    summary: 'show the pools as they change, and wait until they are as wanted',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  {
    name: 'files',
    aliases: [],
    summary: 'show the files on hugetlbfs and remove what was left',
    load: async () => (await import('./commands/files.ts')).filesCommand,
  },
  {
    name: 'doctor',
    aliases: [],
    summary: 'tell whether an application would get its pages',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'apply',
    aliases: [],
    summary: 'make the machine as its configuration wants it',
    load: async () => (await import('./commands/apply.ts')).applyCommand,
  },
  {
    name: 'check',
    aliases: [],
    summary: 'tell where the machine differs from its configuration',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'boot',
    aliases: [],
    summary: 'explain the kernel command line, write one, and install it',
    load: async () => (await import('./commands/boot.ts')).bootCommand,
  },
  {
    name: 'service',
    aliases: [],
    summary: 'apply the configuration at every start of the machine',
    load: async () => (await import('./commands/service.ts')).serviceCommand,
  },
  {
    name: 'tune',
    aliases: [],
    summary: 'show and set what lies around the pools',
    load: async () => (await import('./commands/tune.ts')).tuneCommand,
  },
  {
    name: 'export',
    aliases: [],
    summary: 'print a configuration that describes this machine',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    name: 'metrics',
    aliases: [],
    summary: 'print metrics of the pools for Prometheus',
    load: async () => (await import('./commands/metrics.ts')).metricsCommand,
  },
  {
    name: 'schema',
    aliases: [],
    summary: 'print the JSON Schema of a document',
    load: async () => (await import('./commands/print-schema.ts')).schemaCommand,
  },
  {
    name: 'completion',
    aliases: [],
    summary: 'print a completion script for a shell',
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
  {
    name: 'man',
    aliases: [],
    summary: 'print a manual page',
    load: async () => (await import('./commands/man.ts')).manCommand,
  },
]

/** Returns a command with all that its file says of it. */
export const loadCommand = async ({ load, ...names }: NamedCommand): Promise<AnyCommand> => ({
  ...names,
  ...(await load()),
})

export const loadAllCommands = (): Promise<readonly AnyCommand[]> =>
  Promise.all(commands.map(loadCommand))

export const findCommand = (word: string): NamedCommand | undefined =>
  commands.find(({ name, aliases }) => name === word || aliases.includes(word))

/** The command that runs where none is named. */
const defaultName = 'list'

/** Returns the command that runs where none is named. */
export const defaultCommand = (): Promise<AnyCommand> => {
  const command = findCommand(defaultName)
  if (command === undefined) throw new Error(`there is no command ${defaultName}`)
  return loadCommand(command)
}

/** The options of the default command, which may stand where no command is named. */
export const defaultOptions: readonly Option[] = [perNodeOption, ...commonOptions]

/**
 * Returns the options of a command, followed by those that all commands have. An option of its own
 * replaces the common one of the same name.
 */
export const optionsOf = ({ options }: Pick<AnyCommand, 'options'>): readonly Option[] => [
  ...options,
  ...commonOptions.filter(({ name }) => !options.some((own) => own.name === name)),
]
