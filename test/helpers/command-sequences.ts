import type { z } from 'zod'
import type { testSchema } from '../../src/output/schemas/test-schema.ts'
import type { Cells } from './counters-table.ts'

/**
 * Rows of the table of counters that command lines of hugepool can express, most of them of `test`,
 * for pages of 2M. On a kernel whose smallest pages are others all amounts are in those.
 */
export interface Command {
  readonly line: string
  /** 0 where it is absent. */
  readonly status?: number
  /** What the steps of `test` tell. */
  readonly steps?: readonly StepCells[]
  readonly becomes: Cells
}

export type StepCells = readonly [step: string, ...cells: Cells]

/** Starts with an empty pool. */
export interface CommandSequence {
  readonly name: string
  /** Pages of /mnt/huge/file on a mount without limits, which is deleted after the last command. */
  readonly filePages?: number
  /** /mnt/huge is an empty directory: the first command mounts there. */
  readonly mounts?: boolean
  readonly commands: readonly Command[]
  /** With the file deleted. */
  readonly end: Cells
}

/** What command lines are replayed on. */
export interface CommandSubject {
  run(line: string): Promise<{ readonly status: unknown; readonly steps: readonly unknown[] }>
  deleteFile(): void
  /** May wait until they are what they should become. */
  counters(wanted: Cells): Cells | Promise<Cells>
}

/** Steps of a document of `test` as the table has them. */
export const stepCells = (
  steps: z.output<typeof testSchema>['steps'],
): readonly (readonly unknown[])[] =>
  steps.map(({ step, total, free, reserved, surplus }) => [
    step,
    ...[total, free, reserved ?? 0n, surplus].map(Number),
  ])

/** Replays command lines; `compare` gets all that each came to. */
export const replayCommands = async (
  { filePages, commands, end }: CommandSequence,
  subject: CommandSubject,
  compare: (found: unknown, wanted: unknown, label: string) => void,
): Promise<void> => {
  for (const { line, status = 0, steps = [], becomes } of commands) {
    const found = await subject.run(line)
    compare(found.status, status, `${line}: exit status`)
    if (steps.length > 0) compare(found.steps, steps, `${line}: steps`)
    compare(await subject.counters(becomes), becomes, line)
  }
  if (filePages !== undefined) subject.deleteFile()
  compare(await subject.counters(end), end, 'in the end')
}

export const whole: Cells = [8, 8, 0, 0]

export const eight: Command = { line: 'resize 2M=8', becomes: whole }

/** One `test` in a pool of 8 that is whole again after it. */
const alone = (name: string, line: string, ...steps: readonly StepCells[]): CommandSequence => ({
  name,
  commands: [eight, { line, steps: [['start', ...whole], ...steps], becomes: whole }],
  end: whole,
})

const anonymous: readonly CommandSequence[] = [
  alone(
    'NORESERVE',
    'test 2M=3 --noreserve --touch 2',
    ['map', 8, 8, 0, 0],
    ['touch', 8, 6, 0, 0],
    ['unmap', 8, 8, 0, 0],
  ),
  alone(
    'populated',
    'test 2M=3 --populate',
    ['map', 8, 5, 0, 0],
    ['touch', 8, 5, 0, 0],
    ['unmap', 8, 8, 0, 0],
  ),
  {
    name: 'NORESERVE past overcommit',
    commands: [
      { line: 'overcommit 2M=3', becomes: [0, 0, 0, 0] },
      { line: 'resize 2M=2', becomes: [2, 2, 0, 0] },
      {
        line: 'test 2M=6 --noreserve --threads 1',
        status: 64,
        steps: [
          ['start', 2, 2, 0, 0],
          ['map', 2, 2, 0, 0],
          ['touch', 5, 0, 0, 3],
          ['unmap', 2, 2, 0, 0],
        ],
        becomes: [2, 2, 0, 0],
      },
    ],
    end: [2, 2, 0, 0],
  },
]

const shared: readonly CommandSequence[] = [
  alone(
    'a memfd keeps its pages while it is open',
    'test 2M=2 --via memfd',
    ['create', 8, 8, 0, 0],
    ['map', 8, 8, 2, 0],
    ['touch', 8, 6, 0, 0],
    ['unmap', 8, 6, 0, 0],
    ['delete', 8, 8, 0, 0],
  ),
  alone(
    'a SysV segment',
    'test 2M=3 --via shm --touch 2',
    ['map', 8, 8, 3, 0],
    ['touch', 8, 6, 1, 0],
    ['unmap', 8, 8, 0, 0],
  ),
]

const file = '--path /mnt/huge/file --touch 1'

const linked: readonly CommandSequence[] = [
  {
    name: 'a linked file keeps pages and reservations',
    filePages: 3,
    commands: [
      eight,
      {
        line: `test 2M=3 ${file}`,
        steps: [
          ['start', 8, 8, 0, 0],
          ['open', 8, 8, 0, 0],
          ['map', 8, 8, 3, 0],
          ['touch', 8, 7, 2, 0],
          ['unmap', 8, 7, 2, 0],
        ],
        becomes: [8, 7, 2, 0],
      },
    ],
    end: whole,
  },
  {
    name: 'a private mapping of a linked file gives all back',
    filePages: 3,
    commands: [
      eight,
      {
        line: `test 2M=3 ${file} --private`,
        steps: [
          ['start', 8, 8, 0, 0],
          ['open', 8, 8, 0, 0],
          ['map', 8, 8, 3, 0],
          ['touch', 8, 7, 2, 0],
          ['unmap', 8, 8, 0, 0],
        ],
        becomes: whole,
      },
    ],
    end: whole,
  },
]

/** The fake kernel is held to these. */
export const commandSequences: readonly CommandSequence[] = [...anonymous, ...shared, ...linked]
