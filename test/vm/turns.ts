interface Waiting {
  readonly memory: number
  readonly go: () => void
}

export interface Turns {
  /** Waits until there are a processor and this many bytes of memory. */
  enter(memory: number): Promise<void>
  leave(memory: number): void
}

/** Lets in, in the order of asking, whom processors and memory are there for; one always. */
export const turns = (processors: number, memory: number): Turns => {
  const waiting: Waiting[] = []
  let running = 0
  let taken = 0
  const fits = (more: number) => running === 0 || (running < processors && taken + more <= memory)
  const admit = () => {
    for (let first = waiting[0]; first !== undefined && fits(first.memory); first = waiting[0]) {
      waiting.shift()
      running += 1
      taken += first.memory
      first.go()
    }
  }
  return {
    enter: (more) =>
      new Promise((go) => {
        waiting.push({ memory: more, go })
        admit()
      }),
    leave: (less) => {
      running -= 1
      taken -= less
      admit()
    },
  }
}
