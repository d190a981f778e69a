/**
 * How far work on pages has come. Both counts are in pages; nobody knows how many a stream asks for.
 */
export interface PageProgress {
  readonly label: string
  readonly obtained: bigint
  readonly requested?: bigint
}
