import { usage } from '../../errors.ts'
import type { BootAnswer } from '../../model/boot/boot-answer.ts'
import { present } from '../../model/words/present.ts'
import type { AskedKernel } from '../../operations/boot/asked-kernel.ts'
import type { BootQuestion } from '../../operations/boot/explain-boot.ts'
import type { NewLine } from '../../operations/boot/write-line.ts'
import type { Ports } from '../../operations/ports.ts'
import { bootColumns } from '../../output/boot/boot-rows.ts'
import { define, type Words } from '../command.ts'
import { writeTypedLine } from '../line-run.ts'
import { type LoaderRequest, type LoaderResult, loaderRequest, runLoader } from '../loader-run.ts'
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
import { leaveOption, outputAllOption, outputOption } from '../options/option.ts'
import { asksAllKernels, typedKernel } from '../typed-kernel.ts'
import { type TypedLine, typedLine } from '../typed-line.ts'
import { bootView } from '../views/boot-view.ts'
import { loaderView } from '../views/loader-view.ts'
import { writtenLineView } from '../views/written-line-view.ts'

/** A line that is to be explained, one that is to be written, or a request to the boot loader. */
type BootRequest =
  | { readonly ask: 'explain'; readonly question: BootQuestion }
  | { readonly ask: 'write'; readonly written: TypedLine; readonly kernel: AskedKernel }
  | LoaderRequest

type BootResult =
  | { readonly ask: 'explain'; readonly answer: BootAnswer }
  | { readonly ask: 'write'; readonly written: NewLine }
  | LoaderResult

/** Throws E_USAGE for columns where a line is written, which has none. */
const checkColumns = ({ switches, values }: Words): void => {
  if (values[outputOption.name] !== undefined || switches.has(outputAllOption.name))
    throw usage('words that are written have no columns', 'a line is explained in columns: --line')
}

const resolve = (words: Words): BootRequest => {
  const asked = loaderRequest(words)
  if (asked !== undefined) return asked
  const written = typedLine(words)
  const allKernels = asksAllKernels(words)
  const kernel = typedKernel(words)
  if (written !== undefined) {
    checkColumns(words)
    return { ask: 'write', written, kernel }
  }
  const check = words.switches.has(checkLineOption.name)
  const line = words.values[lineOption.name]
  return { ask: 'explain', question: { ...present({ line, ...kernel }), check, allKernels } }
}

const run = async (request: BootRequest, ports: Ports): Promise<BootResult> => {
  const { ask } = request
  if (ask === 'write')
    return { ask, written: await writeTypedLine(request.written, request.kernel, ports) }
  if (ask !== 'explain') return runLoader(request, ports)
  const { explainBoot } = await import('../../operations/boot/explain-boot.ts')
  return { ask, answer: await explainBoot(ports, request.question) }
}

export const bootCommand = define<'boot', BootRequest, BootResult>({
  details: [
    'Shows what the kernel makes of each word about huge pages, and the pools that come of it',
    'beside those that there are. With --check the exit status is 5 where a word is not used as it',
    'stands. With an ASSIGNMENT, as resize takes it, or with an option of what the line is to',
    'bring, it writes the words instead. --install hands them to the boot loader that is found,',
    'all in one step, and reads back what it will boot. Nothing is rebooted.',
  ],
  operands: {
    usage: '[ASSIGNMENT...]',
    least: 0,
    most: Number.POSITIVE_INFINITY,
    completes: 'assignment',
  },
  options: [
    ...[checkLineOption, lineOption, kernelOption, archOption, basePageOption],
    ...[defaultSizeOption, freeVmemmapOption, cmaOption, leaveOption, fromConfigOption],
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
  view: (result) => {
    if (result.ask === 'write') return writtenLineView(result.written)
    return result.ask === 'explain' ? bootView(result.answer) : loaderView(result)
  },
})
