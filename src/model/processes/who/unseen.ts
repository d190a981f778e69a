import type { HiddenBy } from '../../mounts/hidden-by.ts'
import { firstNames } from '../../words/first-names.ts'
import { present } from '../../words/present.ts'
import type { FoundPages } from './found-pages.ts'

/** What could not be looked into. */
export interface Unseen {
  readonly pids: readonly number[]
  /** The names of these processes, within a sentence: `1 (systemd), 7 (app)`. */
  readonly names: string
  /** Why there may be processes that /proc leaves out; absent where it shows all. */
  readonly hidden?: HiddenBy
  /** How many directories of mounts have files that could not be looked at. */
  readonly directories: number
}

/** Names the processes that could not be looked into, as `1 (systemd), 7 (app)`. */
export const unseenNames = ({ unseen }: Pick<FoundPages, 'unseen'>): string =>
  firstNames([...unseen.values()].map(({ process }) => `${process.pid} (${process.command})`))

export const unseenIn = (found: FoundPages): Unseen =>
  present({
    pids: [...found.unseen.keys()],
    names: unseenNames(found),
    hidden: found.hidden,
    directories: found.unread?.length ?? 0,
  })
