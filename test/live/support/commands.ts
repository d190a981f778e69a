import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { testSchema } from '../../../src/output/schemas/test-schema.ts'
import {
  type CommandSequence,
  type CommandSubject,
  replayCommands,
  stepCells,
} from '../../helpers/command-sequences.ts'
import { parseExact } from '../../helpers/json.ts'
import { atEnd, liveOn } from './live.ts'
import { setPoolAlone, sizeName, smallest } from './machine.ts'
import { mountJson, mountPoint } from './mounts.ts'
import { hugepool } from './program.ts'
import { cellsOf } from './table.ts'

/** The pages of the table, of which this kernel's smallest ones take the place. */
const tabled = 2

const localLine = (line: string, target: string): string =>
  line
    .replaceAll(/\b(\d+)M\b/g, (_, amount: string) =>
      sizeName((Number(amount) / tabled) * smallest),
    )
    .replaceAll('/mnt/huge', target)

const makeFile = async (target: string, pages: number): Promise<void> => {
  const { status, err } = await mountJson(target)
  if (status !== 0) throw new Error(err)
  writeFileSync(`${target}/file`, '')
  truncateSync(`${target}/file`, pages * smallest)
  atEnd(() => rmSync(`${target}/file`, { force: true }))
}

const runHere = async (words: readonly string[]): ReturnType<CommandSubject['run']> => {
  if (words[0] !== 'test') return { status: (await hugepool(...words)).status, steps: [] }
  const { status, out } = await hugepool(...words, '--json')
  return { status, steps: stepCells(testSchema.parse(parseExact(out)).steps) }
}

/** Replays rows of command lines on the running kernel. */
export const replayCommandsHere = (sequences: readonly CommandSequence[]): void => {
  const live = liveOn('room', 'one node with memory')
  for (const sequence of sequences)
    live(`the counters move as in the table, by commands: ${sequence.name}`, async (t) => {
      setPoolAlone(smallest, 0)
      const target = mountPoint()
      if (sequence.filePages !== undefined) await makeFile(target, sequence.filePages)
      const subject: CommandSubject = {
        run: (line) => runHere(localLine(line, target).split(' ')),
        deleteFile: () => rmSync(`${target}/file`),
        counters: (wanted) => cellsOf(smallest, wanted),
      }
      await replayCommands(sequence, subject, (found, wanted, label) => {
        t.strictSame(found, wanted, label)
      })
    })
}
