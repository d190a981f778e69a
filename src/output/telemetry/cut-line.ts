/** Characters that take no column of their own: marks that join the one before, and invisible ones. */
const joining = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/**
 * The blocks of characters that take two columns: W and F of EastAsianWidth.txt of Unicode, and what is
 * shown as a picture.
 */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]$/u
const picture = /^\p{Emoji_Presentation}$/u

/**
 * The columns that a character takes on a terminal. Of a picture that is made of several it counts
 * each, which is never too few.
 */
export const columnsOf = (character: string): number => {
  if (character >= ' ' && character <= '~') return 1
  if (joining.test(character)) return 0
  return wide.test(character) || picture.test(character) ? 2 : 1
}

const esc = '\u001b'
const colour = new RegExp(`${esc}\\[[\\d;]*m`, 'y')
const colourEnd = `${esc}[0m`

/** Cuts a line to so many columns. Its colours take none, and end where it is cut. */
export const cutLine = (line: string, columns: number): string => {
  let taken = 0
  let at = 0
  let isColoured = false
  while (at < line.length) {
    colour.lastIndex = at
    const [sequence] = colour.exec(line) ?? []
    const piece = sequence ?? String.fromCodePoint(line.codePointAt(at) ?? 0)
    const width = sequence === undefined ? columnsOf(piece) : 0
    if (taken + width > columns) return `${line.slice(0, at)}${isColoured ? colourEnd : ''}`
    isColoured ||= sequence !== undefined
    taken += width
    at += piece.length
  }
  return line
}
