import { release } from 'node:os'
import type { z } from 'zod'
import { doctorSchema } from '../../../src/output/schemas/doctor-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { machineName } from './needs.ts'
import { type Result, within } from './program.ts'

export type Answered = z.output<typeof doctorSchema>

/** The names of the checks that fail. */
export const failing = ({ checks }: Answered): string =>
  checks
    .filter(({ result }) => result === 'fail')
    .map(({ check }) => check)
    .join(',')

/** Where the checks said something else than the test did, it is told. */
export const differing = (line: string, { out, err }: Result): readonly string[] => {
  const document = doctorSchema.parse(parseExact(out))
  if (document.trial !== undefined && !document.trial.differs) return []
  return [`${line}: ${document.answer} (${failing(document)}): ${document.trial?.why} ${err}`]
}

/** Runs a command line of doctor with a test after it. */
export const doctor = async (line: string): Promise<Result> =>
  within(['doctor', ...line.split(' '), '--try', '--json'])

/** The answer, and the checks that fail. */
export const answered = async (...words: readonly string[]): Promise<string> => {
  const document = doctorSchema.parse(
    parseExact((await within(['doctor', ...words, '--json'])).out),
  )
  return `${document.answer} ${failing(document)}`.trimEnd()
}

/** All combinations of one element of each list. */
export const combined = <First, Second>(
  firsts: readonly First[],
  seconds: readonly Second[],
): readonly (readonly [First, Second])[] =>
  firsts.flatMap((first) => seconds.map((second) => [first, second] as const))

/** Which part of the lines a guest tries, so that all machines together try most of them. */
const turn = [...`${machineName}${release()}`].reduce(
  (sum, letter) => sum + (letter.codePointAt(0) ?? 0),
  0,
)

/** All of them on this machine; under emulation, where each takes a third of a second, an eighth. */
export const tried = <Line>(lines: readonly Line[], round = 0, share = 8): readonly Line[] =>
  machineName === undefined ? lines : lines.filter((_, at) => (at + round + turn) % share === 0)
