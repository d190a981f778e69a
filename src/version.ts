/** The version of package.json, which is not read at start-up. A test compares the two. */
export const version = '0.1.0'
