/**
 * Waits for what a test does, and rejects as soon as something is thrown, or a promise rejected, for which
 * nobody waits. Without it such an error ends Node, as it does between two tests.
 */
export const orThrown = async (doing: Promise<void>): Promise<void> => {
  let fail: (error: unknown) => void = () => {}
  const thrown = new Promise<never>((_, reject) => {
    fail = reject
  })
  process.on('uncaughtException', fail)
  try {
    await Promise.race([doing, thrown])
  } finally {
    process.off('uncaughtException', fail)
  }
}
