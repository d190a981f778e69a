import type { Unseen } from '../../model/processes/who/unseen.ts'
import { present } from '../../model/words/present.ts'
import type { UnseenDocument } from '../schemas/documents.ts'

/** Tells what could not be seen. */
export const unseenDocument = ({ pids, hidden, directories }: Unseen): UnseenDocument => ({
  processes: BigInt(pids.length),
  ...(pids.length > 0 && { pids }),
  ...present({ hidden: hidden && (true as const) }),
  directories: BigInt(directories),
})
