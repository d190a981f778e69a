import { HugepoolError } from '../../src/errors.ts'
import { asOctets, type Octets } from '../../src/model/etc/octets.ts'

/**
 * Returns what `act` returns; undefined where it throws an error with an exit status for its user. A
 * fault of hugepool itself is none of those, and is thrown on as a finding, as any other error is.
 */
export const unlessRefused = <Found>(act: () => Found): Found | undefined => {
  try {
    return act()
  } catch (error) {
    if (error instanceof HugepoolError && error.code !== 'E_BUG') return undefined
    throw error
  }
}

export const octetsOf = (data: Buffer): Octets => asOctets(data.toString('latin1'))

/** Parts an input into the texts of several files, which zero bytes part. */
export const partsOf = (octets: Octets): readonly Octets[] => octets.split('\0').map(asOctets)

/** As large as the largest file of a configuration that is read. */
const mostRepeated = 128 * 1024

/**
 * Calls a reader with the octets and, for one input in 256, with a part of them repeated until they
 * are many: time that grows faster than the text is seen by the bound of the fuzzer then. Which part
 * is said by the first bytes, so that the fuzzer chooses it.
 */
export const readAlsoRepeated = (data: Buffer, read: (octets: Octets) => void): void => {
  const octets = octetsOf(data)
  read(octets)
  if (octets.length < 4 || data.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) return
  const from = (data[0] ?? 0) % octets.length
  const part = octets.slice(from, from + 1 + ((data[1] ?? 0) % 16))
  const repeated = part.repeat(Math.floor((mostRepeated - octets.length) / part.length))
  read(asOctets(`${octets.slice(0, from)}${repeated}${octets.slice(from + part.length)}`))
}
