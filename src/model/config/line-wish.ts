import type { LineRequest, LineTarget } from '../boot/line-request.ts'
import type { BootPrediction } from '../boot/predict-boot.ts'
import type { ConfigItem, ItemValue } from './config-item.ts'

/** What a kernel makes of a line. */
export interface JudgedLine extends LineTarget {
  readonly told: BootPrediction
}

/** One thing that a configuration wants of the kernel command line. */
export interface LineWish {
  readonly named: Pick<
    ConfigItem,
    'attribute' | 'key' | 'size' | 'wanted' | 'atLeast' | 'essential'
  >
  /** What asks a line for it, and for nothing else. */
  readonly request: LineRequest
  /** What a line brings of it, and whether that is as wanted. */
  readonly look: (judged: JudgedLine) => { readonly found: ItemValue; readonly isSame: boolean }
}
