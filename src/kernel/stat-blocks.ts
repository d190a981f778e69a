/** What st_blocks counts in, whatever the file system and its pages: stat(2). */
const blockBytes = 512n

/** The bytes that a file really has, which of a sparse file is less than its size. */
export const heldBytes = ({ blocks }: { readonly blocks: bigint }): bigint => blocks * blockBytes
