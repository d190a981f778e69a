import { constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { HugepoolError } from '../../errors.ts'
import { configError } from '../../model/config/config-fault.ts'
import { mostOctets } from '../../model/config/config-text.ts'
import { asOctets, type Octets } from '../../model/etc/octets.ts'
import { errnoOf, explain, type Meaning } from '../errno.ts'
import { inCircle } from '../path-meanings.ts'
import { release } from '../release-descriptor.ts'
import { sleepFor } from '../sleep-for.ts'
import { tryAgain } from '../try-again.ts'

/** Returns the meaning of an error that says of which kind a file is. */
export const wrongFile = (words: string): Meaning => ({
  code: 'E_CONFIG',
  reason: 'wrong-file',
  words,
})

/** Meanings of errors for the files of a configuration. */
const configMeanings: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'E_CONFIG', reason: 'no-file', words: 'no such file' },
  ENOTDIR: { code: 'E_CONFIG', reason: 'no-file', words: 'no such file' },
  EISDIR: wrongFile('is a directory'),
  ELOOP: wrongFile(inCircle),
  ENXIO: wrongFile('is no regular file'),
  ENODEV: wrongFile('is no regular file'),
  // Some files of /proc, such as /proc/kmsg, keep a reader waiting until something happens.
  EAGAIN: wrongFile('is no regular file'),
  EACCES: { code: 'E_PERMISSION', reason: 'no-permission', words: 'permission denied' },
}

/**
 * Turns an error about a file of the configuration into E_CONFIG or E_PERMISSION. E_REFUSED of a wrong
 * file, which `belowRoot` throws for links in a circle, becomes E_CONFIG too; others stay refused.
 */
export const explainConfig = (
  error: unknown,
  path: string,
  special: Readonly<Record<string, Meaning>> = {},
): unknown =>
  error instanceof HugepoolError && error.code === 'E_REFUSED' && error.reason === 'wrong-file'
    ? new HugepoolError('E_CONFIG', error.reason, error.message)
    : explain(error, path, { ...configMeanings, ...special })

/** The time until a stream that is not ready is tried again, in milliseconds. */
const retryMilliseconds = 10

type Read = (descriptor: number, data: Uint8Array) => number

/** A signal interrupts read(2) of a terminal or pipe that has nothing yet, as SIGUSR1 of Node's does. */
const readNow: Read = (descriptor, data) =>
  tryAgain(() => readSync(descriptor, data, 0, data.length, null), ['EINTR'])

/** Reads, and tries again where nothing is there yet, for standard input may be non-blocking. */
const readPatiently: Read = (descriptor, data) => {
  for (;;)
    try {
      return readNow(descriptor, data)
    } catch (error) {
      if (errnoOf(error) !== 'EAGAIN') throw error
      sleepFor(retryMilliseconds)
    }
}

/** Reads to the end, but no more than one octet over the limit, which shows that it is too long. */
const readMost = (descriptor: number, read: Read): Octets => {
  const data = Buffer.allocUnsafe(mostOctets + 1)
  let length = 0
  while (length < data.length) {
    const more = read(descriptor, data.subarray(length))
    if (more === 0) break
    length += more
  }
  return asOctets(data.toString('latin1', 0, length))
}

const checkRegular = (stat: Stats, path: string): void => {
  const words = stat.isDirectory() ? 'is a directory' : 'is no regular file'
  if (!stat.isFile()) throw configError({ file: path, key: '' }, words, undefined, 'wrong-file')
}

/**
 * Reads a file by its path on this machine; `path` is its name in errors. Throws E_CONFIG for what
 * is no regular file. Such a file is not even opened, because that has an effect on some devices.
 */
export const readConfigOctets = (
  file: string,
  path: string,
  special: Readonly<Record<string, Meaning>> = {},
): Octets => {
  try {
    checkRegular(statSync(file), path)
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      checkRegular(fstatSync(descriptor), path)
      return readMost(descriptor, readNow)
    } finally {
      release(descriptor)
    }
  } catch (error) {
    throw explainConfig(error, path, special)
  }
}

/** The name of standard input in errors. */
export const standardInputName = 'standard input'

/** Reads standard input to its end. Tests give another descriptor. */
export const readStandardInput = (descriptor = 0): Octets => {
  try {
    return readMost(descriptor, readPatiently)
  } catch (error) {
    throw explainConfig(error, standardInputName)
  }
}
