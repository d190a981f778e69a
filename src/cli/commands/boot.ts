import { usage } from '../../errors.ts'
import type { BootAnswer } from '../../model/boot/boot-answer.ts'
import {
  type BootArchitecture,
  basePagesOf,
  findBootArchitecture,
} from '../../model/boot/boot-architectures.ts'
import { type KernelSeries, parseSeries } from '../../model/boot/kernel-series.ts'
import { usualArchitecture } from '../../model/words/architecture.ts'
import { type Bytes, formatBytes, parseBytes } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import type { AskedKernel } from '../../operations/boot/asked-kernel.ts'
import type { BootQuestion } from '../../operations/boot/explain-boot.ts'
import type { NewLine } from '../../operations/boot/write-line.ts'
import type { Ports } from '../../operations/ports.ts'
import { bootColumns } from '../../output/boot/boot-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import {
  type InstallAsked,
  type LoaderRequest,
  type LoaderResult,
  loaderRequest,
  runLoader,
} from '../loader-run.ts'
import {
  archOption,
  basePageOption,
  checkLineOption,
  cmaOption,
  defaultSizeOption,
  freeVmemmapOption,
  fromConfigOption,
  kernelOption,
  lineOption,
} from '../options/boot-option.ts'
import { configOption } from '../options/config-option.ts'
import {
  installOption,
  loaderDryRunOption,
  pendingOption,
  removeOption,
  replaceOption,
} from '../options/loader-option.ts'
import { leaveOption } from '../options/option.ts'
import { type TypedLine, typedLine } from '../typed-line.ts'
import { typedLeave } from '../typed-values.ts'
import { bootView } from '../views/boot-view.ts'
import { loaderView } from '../views/loader-view.ts'
import { writtenLineView } from '../views/written-line-view.ts'

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

/** A line that there is and is explained, one that is to be written, or what a boot loader is asked. */
type TypedBoot =
  | { readonly question: BootQuestion }
  | { readonly loader: LoaderRequest }
  | {
      readonly written: TypedLine
      readonly kernel: AskedKernel
      readonly leave?: Bytes
      /** Whether it is to be installed too. */
      readonly install?: InstallAsked
    }

const resolve = (words: Words): TypedBoot => {
  const { values, switches } = words
  const check = switches.has(checkLineOption.name)
  const kernel = values[kernelOption.name]
  const allKernels = kernel === 'all'
  const written = typedLine(words)
  const loader = loaderRequest(words, written !== undefined)
  const install = loader?.ask === 'install' && written !== undefined ? loader : undefined
  if (loader !== undefined && install === undefined) return { loader }
  if (allKernels && !check) throw usage('--kernel all is for --check', seriesForms)
  const series = kernel === undefined || allKernels ? undefined : typedSeries(kernel)
  const asked = present({ series, kind: typedKind(words) })
  if (written !== undefined)
    return present({ written, kernel: asked, leave: typedLeave(words), install })
  const line = values[lineOption.name]
  return { question: { ...present({ line, ...asked }), check, allKernels } }
}

const write = async (
  { written, kernel, leave }: Extract<TypedBoot, { written: TypedLine }>,
  ports: Ports,
): Promise<NewLine> => {
  if ('source' in written) {
    const { writeConfiguredLine } = await import('../../operations/config/write-configured-line.ts')
    return writeConfiguredLine(ports, written.source, present({ ...kernel, leave }))
  }
  const { writeLine } = await import('../../operations/boot/write-line.ts')
  return writeLine(ports, kernel, () => written.request)
}

type BootResult = BootAnswer | NewLine | LoaderResult

const run = async (typed: TypedBoot, ports: Ports): Promise<BootResult> => {
  if ('loader' in typed) return runLoader(typed.loader, ports)
  if ('question' in typed) {
    const { explainBoot } = await import('../../operations/boot/explain-boot.ts')
    return explainBoot(ports, typed.question)
  }
  const { install } = typed
  const line = await write(typed, ports)
  if (install === undefined) return line
  for (const warning of line.warnings) ports.note(warning)
  return runLoader({ ...install, sequence: line.line }, ports)
}

const view = (result: BootResult): View<Document<'boot'>> => {
  if ('ask' in result) return loaderView(result)
  return 'warnings' in result ? writtenLineView(result) : bootView(result)
}

export const bootCommand = define<'boot', TypedBoot, BootResult>({
  name: 'boot',
  aliases: [],
  summary: 'explain the kernel command line, write one, or install it',
  details: [
    'Shows what the kernel makes of each word about huge pages, and the pools that come of it',
    'beside those that there are. With --check the exit status is 5 where a word is not used as it',
    'stands. With an ASSIGNMENT, as resize takes it, or with an option of what the line is to',
    'bring, it writes the words instead. With --install they go through the boot loader that is',
    'found, in one step, and what it will boot is read back. Nothing is rebooted.',
  ],
  operands: {
    usage: '[ASSIGNMENT...]',
    least: 0,
    most: Number.POSITIVE_INFINITY,
    completes: 'assignment',
  },
  options: [
    checkLineOption,
    lineOption,
    kernelOption,
    archOption,
    basePageOption,
    defaultSizeOption,
    freeVmemmapOption,
    cmaOption,
    leaveOption,
    fromConfigOption,
    configOption,
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
    { line: 'hugepool boot 1G=0:2,1:2 2M=512 --default 1G', meaning: 'write the words for that' },
    { line: 'hugepool boot 2M=512 --hvo on', meaning: 'and free what the kernel keeps of them' },
    { line: 'hugepool boot --from-config', meaning: 'those that hugepool.toml(5) wants' },
    {
      line: "hugepool boot --install --dry-run --line 'hugepagesz=1G hugepages=0:2,1:2'",
      meaning: 'what would be written?',
    },
    { line: 'hugepool boot --pending', meaning: 'does the next boot have other words?' },
  ],
  resolve,
  run,
  view,
})
