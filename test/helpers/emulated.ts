/*
 * Whether the programs run in an emulator of processes, in a user namespace, as test/packages/in-root.sh says of
 * those of another processor. What cannot be tried there is tried on a processor that is real.
 */
export const isEmulated = process.env.HUGEPOOL_TEST_EMULATED !== undefined

/** Why a test that traces a program, or takes its calls from it, is skipped; false where it is not. */
export const untraceable = isEmulated && 'strace(1) traces no program in an emulator'
