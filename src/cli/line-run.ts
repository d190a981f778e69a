import { present } from '../model/words/present.ts'
import type { AskedKernel } from '../operations/boot/asked-kernel.ts'
import type { NewLine } from '../operations/boot/write-line.ts'
import type { Ports } from '../operations/ports.ts'
import type { TypedLine } from './typed-line.ts'

/** Writes a line that was asked for, for a kernel. */
export const writeTypedLine = async (
  typed: TypedLine,
  kernel: AskedKernel,
  ports: Ports,
): Promise<NewLine> => {
  if ('source' in typed) {
    const { source, leave } = typed
    const { writeConfiguredLine } = await import('../operations/config/write-configured-line.ts')
    return writeConfiguredLine(ports, source, present({ ...kernel, leave }))
  }
  const { writeLine } = await import('../operations/boot/write-line.ts')
  return writeLine(ports, kernel, () => typed.request)
}
