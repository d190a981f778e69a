/** The unit of st_blocks in bytes, for every file system and page size (stat(2)). */
const blockBytes = 512n

/** The bytes that a file occupies, which for a sparse file are fewer than its size. */
export const heldBytes = ({ blocks }: { readonly blocks: bigint }): bigint => blocks * blockBytes
