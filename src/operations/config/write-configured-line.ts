import { configuredLine } from '../../model/config/configured-line.ts'
import { noConfiguration } from '../../model/config/state-words.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import type { AskedKernel } from '../boot/asked-kernel.ts'
import { type NewLine, writeLine } from '../boot/write-line.ts'
import type { Ports } from '../ports.ts'
import { type ConfigSource, readConfiguration } from './read-configuration.ts'

/**
 * Writes the kernel command line that a configuration wants, by its pools with `boot = true` and
 * its table `[boot]`. `leave` replaces that of the files. Throws the errors of `writeLine`, and
 * E_CONFIG and E_PERMISSION for files that cannot be read.
 */
export const writeConfiguredLine = async (
  ports: Ports,
  source: ConfigSource,
  asked: AskedKernel & { readonly leave?: Bytes },
): Promise<NewLine> => {
  const configuration = readConfiguration(ports, source)
  const written = await writeLine(ports, asked, ({ machine }) => {
    const request = configuredLine(configuration, machine)
    return present({ ...request, leave: asked.leave ?? request.leave })
  })
  return configuration.files.length > 0
    ? written
    : { ...written, warnings: [...written.warnings, noConfiguration] }
}
