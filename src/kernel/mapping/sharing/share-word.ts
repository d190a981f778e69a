/** The argument with which hugepool starts a process that shares its mapping. */
export const shareWord = '__share'
