import { octets } from '../../model/etc/octets.ts'
import { explain } from '../errno.ts'
import { readRegular, replaceAnew } from '../etc/replace-file.ts'
import { absolutePath } from '../mounts/mount-point.ts'
import { directoryMeanings } from '../path-meanings.ts'

/**
 * Replaces a file by the text in one step, so that a reader finds the old text or the new one. It has
 * the mode 0644 whatever the umask is, and whatever mode the old one had. Throws E_REFUSED for a
 * symbolic link and what is no file, and leaves the old file where it throws.
 */
export const writeMetricsFile = (path: string, text: string): void => {
  const file = absolutePath(path)
  try {
    replaceAnew(file, readRegular(file), octets(text))
  } catch (error) {
    throw explain(error, path, directoryMeanings)
  }
}
