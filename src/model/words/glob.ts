/**
 * Whether a glob means a whole name: `*` stands for any characters, `?` for one. After the last `*`
 * every place is tried, which takes at most the product of both lengths, and not more as a regular
 * expression could.
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
