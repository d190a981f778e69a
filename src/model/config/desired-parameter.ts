import type { LineRequest, LineTarget } from '../boot/line-request.ts'
import type { BootPrediction } from '../boot/predict-boot.ts'
import type { ConfigItem, ItemValue } from './config-item.ts'

/** A line, the kernel and machine that read it, and what they make of it. */
export interface JudgedLine extends LineTarget {
  readonly told: BootPrediction
}

/** One parameter of the kernel command line that a configuration wants, and how a line is judged by it. */
export interface DesiredParameter {
  readonly named: Pick<
    ConfigItem,
    'attribute' | 'key' | 'size' | 'wanted' | 'atLeast' | 'essential'
  >
  /** The request for a line with this and with nothing else. */
  readonly request: LineRequest
  /** Tells what a line brings of it, and whether that is as wanted. */
  readonly compare: (judged: JudgedLine) => { readonly found: ItemValue; readonly isSame: boolean }
}
