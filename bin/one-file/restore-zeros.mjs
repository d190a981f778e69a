import { readFileSync, writeFileSync } from 'node:fs'
import { programHeaders, writeSize } from './program-headers.mjs'

const loaded = 1

/**
 * Has the kernel make the zeros at the end of a segment again, as it does for the executable that this one
 * was made of. Node puts them into the file, of which the kernel maps sixteen pages where one is read,
 * and all of them count as memory of the process.
 */
export const restoreZeros = (file, origin) => {
  const octets = readFileSync(file)
  const sizes = new Map(
    programHeaders(readFileSync(origin))
      .filter(({ type }) => type === loaded)
      .map(({ address, size }) => [address, size]),
  )
  for (const header of programHeaders(octets)) {
    const size = sizes.get(header.address)
    if (header.type !== loaded || size === undefined || size >= header.size) continue
    const added = octets.subarray(header.offset + size, header.offset + header.size)
    if (added.some((octet) => octet !== 0))
      throw new Error('a segment has more than zeros at its end')
    writeSize(octets, header, size)
  }
  writeFileSync(file, octets)
}
