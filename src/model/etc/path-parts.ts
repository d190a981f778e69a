/** The names in a path, without empty names and `.`, which do not change its meaning. */
export const pathParts = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.')

/** Returns a path and the directories above it: `/a/b`, `/a`, `/`. */
export const pathAndAbove = (path: string): readonly string[] => {
  const paths = [path]
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    paths.push(path.slice(0, end))
  return path === '/' ? paths : [...paths, '/']
}

/** Returns a directory in the form to which an absolute path can be appended: `/` is empty. */
export const pathPrefix = (directory: string): string => directory.replace(/\/+$/, '')

/** Whether an absolute path is a directory or lies below it. */
export const isWithin = (path: string, directory: string): boolean =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`)
