/** How far work on pages has come. Both counts are in pages. */
export interface PageProgress {
  readonly label: string
  readonly obtained: bigint
  readonly requested: bigint
}
