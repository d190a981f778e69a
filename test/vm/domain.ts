/**
 * Stands for async-hook-domain in the bundle of the guests, where the hooks of each promise take a twentieth
 * of the time. What is thrown where nobody waits for it is a failure of the running test all the same:
 * `orThrown` in test/live/support/thrown.ts looks for it.
 */
export class Domain {
  readonly onerror: (error: unknown, type: string) => void
  constructor(onerror: Domain['onerror']) {
    this.onerror = onerror
  }
  destroy(): void {}
}
