/** The word by which a process of hugepool is one that shares the mapping of another. */
export const shareWord = '__share'
