/** The same as in package.json, which is not read at start-up; a test holds them together. */
export const version = '0.1.0'
