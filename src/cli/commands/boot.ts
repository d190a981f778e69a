import { usage } from '../../errors.ts'
import type { BootAnswer } from '../../model/boot/boot-answer.ts'
import {
  type BootArchitecture,
  basePagesOf,
  findBootArchitecture,
} from '../../model/boot/boot-architectures.ts'
import { type KernelSeries, parseSeries } from '../../model/boot/kernel-series.ts'
import { usualArchitecture } from '../../model/words/architecture.ts'
import { formatBytes, parseBytes } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import type { BootQuestion } from '../../operations/boot/explain-boot.ts'
import type { Ports } from '../../operations/ports.ts'
import { bootColumns } from '../../output/boot/boot-rows.ts'
import { define, type Words } from '../command.ts'
import { type LoaderRequest, type LoaderResult, loaderRequest, runLoader } from '../loader-run.ts'
import {
  archOption,
  basePageOption,
  checkLineOption,
  kernelOption,
  lineOption,
} from '../options/boot-option.ts'
import {
  installOption,
  loaderDryRunOption,
  pendingOption,
  removeOption,
  replaceOption,
} from '../options/loader-option.ts'
import { bootView } from '../views/boot-view.ts'
import { loaderView } from '../views/loader-view.ts'

const seriesForms = "a kernel is written as 6.12 or as 'uname -r' prints it"

const typedSeries = (text: string): KernelSeries => {
  const series = parseSeries(text)
  if (series === undefined) throw usage(`'${text}' is not a kernel`, seriesForms)
  return series
}

const kindFor = (arch: string, page: string | undefined): BootArchitecture => {
  const architecture = usualArchitecture(arch)
  const kind = findBootArchitecture(
    architecture,
    page === undefined ? undefined : (parseBytes(page) ?? 0n),
  )
  if (kind !== undefined) return kind
  const pages = basePagesOf(architecture).map(formatBytes).join(', ')
  throw usage(`'${page}' is not a base page of ${architecture}`, `it has base pages of ${pages}`)
}

const typedKind = ({ values }: Words): BootArchitecture | undefined => {
  const { [archOption.name]: arch, [basePageOption.name]: page } = values
  if (arch !== undefined) return kindFor(arch, page)
  if (page !== undefined)
    throw usage('--base-page is for another architecture', "name it with '--arch'")
  return undefined
}

const question = (words: Words): BootQuestion => {
  const { values, switches } = words
  const check = switches.has(checkLineOption.name)
  const kernel = values[kernelOption.name]
  const allKernels = kernel === 'all'
  if (allKernels && !check) throw usage('--kernel all is for --check', seriesForms)
  const series = kernel === undefined || allKernels ? undefined : typedSeries(kernel)
  return {
    ...present({ line: values[lineOption.name], series, kind: typedKind(words) }),
    check,
    allKernels,
  }
}

const resolve = (words: Words): BootQuestion | LoaderRequest =>
  loaderRequest(words) ?? question(words)

const run = async (
  request: BootQuestion | LoaderRequest,
  ports: Ports,
): Promise<BootAnswer | LoaderResult> =>
  'ask' in request
    ? runLoader(request, ports)
    : (await import('../../operations/boot/explain-boot.ts')).explainBoot(ports, request)

export const bootCommand = define<'boot', BootQuestion | LoaderRequest, BootAnswer | LoaderResult>({
  name: 'boot',
  aliases: [],
  summary: 'explain the kernel command line, and install words on it',
  details: [
    'Shows what the kernel makes of each word about huge pages, and the pools that come of it',
    'beside those that there are. With --check the exit status is 5 where a word is not used as it',
    'stands. Words are installed through the boot loader that is found, all in one step, and read',
    'back from what it will boot. Nothing is rebooted.',
  ],
  operands: { usage: '', least: 0, most: 0, completes: 'file' },
  options: [
    ...[checkLineOption, lineOption, kernelOption, archOption, basePageOption],
    ...[installOption, removeOption, pendingOption, replaceOption, loaderDryRunOption],
  ],
  columns: bootColumns,
  examples: [
    { line: 'hugepool boot', meaning: 'what came of the line of this start' },
    {
      line: "hugepool boot --check --kernel all --line 'hugepagesz=1G hugepages=0:2,1:2'",
      meaning: 'is it right everywhere?',
    },
    { line: 'hugepool boot --kernel 5.10 --json', meaning: 'on an older kernel, for a program' },
    {
      line: "hugepool boot --install --dry-run --line 'hugepagesz=1G hugepages=0:2,1:2'",
      meaning: 'what would be written?',
    },
    { line: 'hugepool boot --pending', meaning: 'does the next boot have other words?' },
  ],
  resolve,
  run,
  view: (result) => ('ask' in result ? loaderView(result) : bootView(result)),
})
