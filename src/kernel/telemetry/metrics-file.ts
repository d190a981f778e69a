import { basename, dirname, join } from 'node:path'
import { HugepoolError } from '../../errors.ts'
import { type Octets, octets } from '../../model/etc/octets.ts'
import { explain } from '../errno.ts'
import { readRegular, replaceAnew } from '../etc/replace-file.ts'
import { inHeldDirectory } from '../held-directory.ts'
import { absolutePath } from '../mounts/mount-point.ts'
import { directoryMeanings } from '../path-meanings.ts'
import { followLinks } from '../trusted-path.ts'

/** Replaces a file that is reached by a descriptor of its directory. Errors name it as it was typed. */
const replaceAt = (reach: string, file: string, text: Octets, put: () => void): void => {
  try {
    replaceAnew(reach, readRegular(reach), text, put)
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    const { code, reason, message, hint } = error
    throw new HugepoolError(
      code,
      reason,
      message.replace(reach, () => file),
      hint,
    )
  }
}

/**
 * Replaces a file by the text in one step, so that a reader finds the old text or the new one. It has
 * the mode 0644 whatever the umask is, and whatever mode the old one had. The directory may belong to
 * another user, who cannot lead the file elsewhere. Throws E_REFUSED for a symbolic link, what is no
 * file, and links on the way that root does not follow. The old file is left where it throws, unless
 * `put` was called: then the new one is there, and only its sync to the disk failed.
 */
export const writeMetricsFile = (path: string, text: string, put: () => void): void => {
  const file = absolutePath(path)
  try {
    // A slash at the end names a directory, which has to be one.
    if (file.endsWith('/')) followLinks(file)
    inHeldDirectory(join(followLinks(dirname(file)), basename(file)), (reach) =>
      replaceAt(reach, file, octets(text), put),
    )
  } catch (error) {
    throw explain(error, path, directoryMeanings)
  }
}
