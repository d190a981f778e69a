/** How many names a sentence has before it counts the others. */
const mostNames = 3

/** Names the first of many, as `a, b, c and 4 more`. */
export const firstNames = (names: readonly string[]): string =>
  names.length > mostNames
    ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
    : names.join(', ')
