import type { RunProgram } from './kernel/run-program.ts'

/** Runs a program, of which few commands have need: what does so is loaded then. */
export const startProgram: RunProgram = async (...asked) =>
  (await import('./kernel/run-program.ts')).runProgram(...asked)
