import type { RunProgram } from './kernel/run-program.ts'

/** Runs a program. The code that does it is loaded only then, because few commands need it. */
export const startProgram: RunProgram = async (...asked) =>
  (await import('./kernel/run-program.ts')).runProgram(...asked)
