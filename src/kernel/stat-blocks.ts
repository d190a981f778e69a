/** The unit of st_blocks in bytes, for every file system and page size (stat(2)). */
const blockBytes = 512n

/** Returns the bytes that a file occupies, which are fewer than its size where it has holes. */
export const heldBytes = ({ blocks }: { readonly blocks: bigint }): bigint => blocks * blockBytes
