/** What Debian calls the processors that packages are made for, by their names in Node. */
export const debianArchs = { x64: 'amd64', arm64: 'arm64' }

/** What rpm calls them. */
export const rpmArchs = { x64: 'x86_64', arm64: 'aarch64' }

/** Returns the name in Node of a processor, which a family of distributions has a word of its own for. */
export const archOf = (known, word) => {
  const found = Object.entries(known).find((names) => names.includes(word))
  if (found !== undefined) return found[0]
  throw new Error(`${word}: packages are made for ${Object.values(known).join(', ')}`)
}

/** The words of a command line, or the processor of this machine. */
export const archsMeant = ([, , ...words]) => (words.length > 0 ? words : [process.arch])
