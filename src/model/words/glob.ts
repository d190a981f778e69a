/**
 * Whether a glob means a whole name: `*` stands for any characters, `?` for one. Only the last `*`
 * is tried at further places, so the time grows at most with the product of both lengths, while a
 * regular expression can take exponential time.
 */
export const globMatches = (glob: string, name: string): boolean => {
  let [at, next, star, from] = [0, 0, -1, 0]
  while (next < name.length) {
    if (glob[at] === '*') {
      star = at
      from = next
      at += 1
    } else if (glob[at] === '?' || glob[at] === name[next]) {
      at += 1
      next += 1
    } else if (star < 0) return false
    else {
      from += 1
      at = star + 1
      next = from
    }
  }
  return /^\**$/.test(glob.slice(at))
}
