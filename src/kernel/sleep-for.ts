/** Holds the whole process up for so many milliseconds, between tries that nothing else waits for. */
export const sleepFor = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
