/**
 * Parses JSON without losing digits: a number that is to be a count or bytes becomes a bigint,
 * which JSON.parse of Node 20 cannot do. Ids and the version stay numbers.
 */
export const parseExact = (text: string): unknown => {
  const marked = text.replaceAll(/"(?:[^"\\]|\\.)*"|(?<=[:[,])-?\d+(?=[,}\]])/g, (found) =>
    found.startsWith('"') ? found : `"bigint:${found}"`,
  )
  const small = new Set([
    'node',
    'version',
    'pid',
    'status',
    'uid',
    'gid',
    'line',
    'place',
    'id',
    'creator',
  ])
  const lists = new Set(['pids', 'users', 'removedSegments'])
  return JSON.parse(marked, (key, value) => {
    if (lists.has(key) && Array.isArray(value)) return value.map(Number)
    if (typeof value !== 'string' || !/^bigint:-?\d+$/.test(value)) return value
    const digits = value.slice('bigint:'.length)
    return small.has(key) ? Number(digits) : BigInt(digits)
  })
}
