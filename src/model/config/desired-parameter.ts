import type { LineRequest, LineTarget } from '../boot/line-request.ts'
import type { BootPrediction } from '../boot/predict-boot.ts'
import type { ConfigItem, ItemValue } from './config-item.ts'

/** A line, the kernel and machine that read it, and what they make of it. */
export interface JudgedLine extends LineTarget {
  readonly told: BootPrediction
}

/** One thing that a configuration wants of the kernel command line. */
export interface LineWish {
  readonly named: Pick<
    ConfigItem,
    'attribute' | 'key' | 'size' | 'wanted' | 'atLeast' | 'essential'
  >
  /** The request for a line with this and with nothing else. */
  readonly request: LineRequest
  /** Tells what a line brings of it, and whether that is as wanted. */
  readonly look: (judged: JudgedLine) => { readonly found: ItemValue; readonly isSame: boolean }
}
