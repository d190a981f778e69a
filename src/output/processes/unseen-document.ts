import type { Unseen } from '../../model/processes/who/unseen.ts'

/** What could not be seen. */
export const unseenDocument = ({ pids, hidden, directories }: Unseen) => ({
  processes: BigInt(pids.length),
  ...(pids.length > 0 && { pids }),
  ...(hidden !== undefined && { hidden: true as const }),
  directories: BigInt(directories),
})
