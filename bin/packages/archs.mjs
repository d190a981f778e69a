/** A processor in the words of Node. A family of distributions has words of its own for them. */
export const archOf = (known, word) => {
  const found = Object.entries(known).find((names) => names.includes(word))
  if (found !== undefined) return found[0]
  throw new Error(`${word}: packages are made for ${Object.values(known).join(', ')}`)
}

/** The words of a command line, or the processor of this machine. */
export const archsMeant = ([, , ...words]) => (words.length > 0 ? words : [process.arch])
