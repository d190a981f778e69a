/** The names in a path, without empty names and `.`, which do not change its meaning. */
export const pathParts = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.')

/** Whether an absolute path is a directory or lies below it. */
export const isWithin = (path: string, directory: string): boolean =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`)
