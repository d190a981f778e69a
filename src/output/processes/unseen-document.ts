/** What could not be seen. */
export const unseenDocument = (result: {
  readonly unseen: number
  readonly hidesProcesses: boolean
}) => ({
  processes: BigInt(result.unseen),
  ...(result.hidesProcesses && { hidden: true as const }),
})
