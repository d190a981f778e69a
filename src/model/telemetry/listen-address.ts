import { usage } from '../../errors.ts'
import { decimalPattern } from '../words/bytes.ts'

/** Where requests are waited for: an address in digits, and a port, of which 0 is any that is free. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

const loopback = '127.0.0.1'
const largestPort = 65535

const isPart = (text: string): boolean => decimalPattern.test(text) && Number(text) <= 255

const isFourth = (host: string): boolean =>
  host.split('.').length === 4 && host.split('.').every(isPart)

/** An address of IPv6 has colons itself, so that it stands in brackets. */
const isSixth = (host: string): boolean => /^[\da-f:]*:[\da-f:.]*$/i.test(host)

/**
 * Reads `127.0.0.1:9786`, `[::1]:9786`, `:9786` or `9786`, the last two of which are on the loopback
 * address. Throws E_USAGE for anything else: a name could mean another address tomorrow.
 */
export const parseListenAddress = (text: string): ListenAddress => {
  const [, sixth, fourth, port = ''] = /^(?:(?:\[(.*)\]|(.*)):)?([^:]*)$/s.exec(text) ?? []
  const host = sixth ?? (fourth || loopback)
  const isHost = sixth === undefined ? isFourth(host) : isSixth(host)
  if (isHost && decimalPattern.test(port) && Number(port) <= largestPort)
    return { host, port: Number(port) }
  throw usage(
    `'${text}' is not an address with a port`,
    'it is written as 127.0.0.1:9786, [::1]:9786 or 9786',
  )
}
