import type { StopSignal } from '../../errors.ts'

/** Says by which signal a command was stopped; nothing where it was not stopped. */
export const stoppedWords = (signal: StopSignal | undefined): readonly string[] =>
  signal === undefined ? [] : [`stopped by ${signal}`]
