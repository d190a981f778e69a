/** MiB and GiB in bytes. */
export const M = 1024n ** 2n
export const G = 1024n ** 3n
