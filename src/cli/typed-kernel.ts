import { usage } from '../errors.ts'
import { type BootArchitecture, findBootArchitecture } from '../model/boot/boot-architectures.ts'
import { type KernelSeries, parseSeries } from '../model/boot/kernel-series.ts'
import { usualArchitecture } from '../model/words/architecture.ts'
import { basePagesOf } from '../model/words/architecture-sizes.ts'
import { formatBytes, parseBytes } from '../model/words/bytes.ts'
import { present } from '../model/words/present.ts'
import type { AskedKernel } from '../operations/boot/asked-kernel.ts'
import type { Words } from './command.ts'
import { archOption, basePageOption, checkLineOption, kernelOption } from './options/boot-option.ts'

const seriesForms = "a kernel is written as 6.12 or as 'uname -r' prints it"

const typedSeries = (text: string): KernelSeries => {
  const series = parseSeries(text)
  if (series === undefined) throw usage(`'${text}' is not a kernel`, seriesForms)
  return series
}

const architectureFor = (arch: string, page: string | undefined): BootArchitecture => {
  const architecture = usualArchitecture(arch)
  const basePage = page === undefined ? undefined : (parseBytes(page) ?? 0n)
  const found = findBootArchitecture(architecture, basePage)
  if (found !== undefined) return found
  const pages = basePagesOf(architecture).map(formatBytes).join(', ')
  throw usage(`'${page}' is not a base page of ${architecture}`, `it has base pages of ${pages}`)
}

const typedArchitecture = ({ values }: Words): BootArchitecture | undefined => {
  const { [archOption.name]: arch, [basePageOption.name]: page } = values
  if (arch !== undefined) return architectureFor(arch, page)
  if (page !== undefined)
    throw usage('--base-page is for another architecture', "name it with '--arch'")
  return undefined
}

/** Whether the answer is wanted for all known kernels. Throws E_USAGE without --check. */
export const asksAllKernels = ({ values, switches }: Words): boolean => {
  const isAll = values[kernelOption.name] === 'all'
  if (isAll && !switches.has(checkLineOption.name))
    throw usage('--kernel all is for --check', seriesForms)
  return isAll
}

/**
 * Reads the kernel that is to read a line; a key that is absent means that of this machine. Throws
 * E_USAGE for a kernel or a base page that there is not.
 */
export const typedKernel = (words: Words): AskedKernel => {
  const kernel = words.values[kernelOption.name]
  const series = kernel === undefined || asksAllKernels(words) ? undefined : typedSeries(kernel)
  return present({ series, kind: typedArchitecture(words) })
}
