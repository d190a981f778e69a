import type { FoundPages } from './found-pages.ts'

/** The processes that a sentence names one by one. */
const mostNames = 3

/** Names the processes that could not be looked into, as `1 (systemd), 7 (app)`. */
export const unseenNames = ({ unseen }: Pick<FoundPages, 'unseen'>): string => {
  const names = [...unseen.values()].map(({ process }) => `${process.pid} (${process.command})`)
  return names.length > mostNames
    ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
    : names.join(', ')
}

/** The same for a document: how many there are, and their numbers. */
export const unseenDocument = (pids: readonly number[]) => ({
  processes: BigInt(pids.length),
  ...(pids.length > 0 ? { pids } : {}),
})
