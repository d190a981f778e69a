/** The number of eight octets at a place of an executable. */
export const numberAt = (octets, at) => Number(octets.readBigUInt64LE(at))

/** Where in a program header the number of octets is that the file has of a segment (elf(5)). */
const sizeInHeader = 32

/**
 * The program headers of a 64-bit little-endian executable (elf(5)): the place of each in the file, its
 * type, the address of its segment, and where in the file the segment begins and how long it is there.
 */
export const programHeaders = (octets) => {
  const [first, size, count] = [
    numberAt(octets, 32),
    octets.readUInt16LE(54),
    octets.readUInt16LE(56),
  ]
  return Array.from({ length: count }, (_, index) => {
    const at = first + size * index
    return {
      at,
      type: octets.readUInt32LE(at),
      offset: numberAt(octets, at + 8),
      address: numberAt(octets, at + 16),
      size: numberAt(octets, at + sizeInHeader),
    }
  })
}

/** Writes into a program header how many octets the file has of its segment. */
export const writeSize = (octets, { at }, size) => {
  octets.writeBigUInt64LE(BigInt(size), at + sizeInHeader)
}
