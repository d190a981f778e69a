import type { TouchedPages, TouchRequest } from '../../../kernel/native/native-mapping.ts'
import type { Pages } from '../../../model/words/count.ts'
import { formatSize } from '../../../model/words/page-size.ts'
import { heedingSignals } from '../heed-signals.ts'
import type { RunningTest } from '../running-test.ts'
import type { Toucher } from './touch-state.ts'

/** The verb and the counts of a progress report: pages from earlier calls, and pages in all. */
interface TouchProgress {
  readonly did: string
  readonly before: Pages
  readonly wanted: Pages
}

/** Waits for pages to be touched, shows the progress, and stops when a signal asks for it. */
export const watchTouch = (
  test: RunningTest,
  toucher: Toucher,
  request: TouchRequest,
  { did, before, wanted }: TouchProgress,
): Promise<TouchedPages> => {
  const { ports, plan } = test
  const show = (): void =>
    ports.progress({
      label: `${formatSize(plan.size)}: ${did}`,
      obtained: before + BigInt(toucher.touched()),
      requested: wanted,
    })
  return heedingSignals(test, toucher.touch(request), () => toucher.stop(), show)
}
