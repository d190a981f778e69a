/** How far work on pages has come. Both counts are in pages. */
export interface PageProgress {
  readonly label: string
  readonly obtained: bigint
  /** Absent where it is not known, as for a stream that is copied. */
  readonly requested?: bigint
}
