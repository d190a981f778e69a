import type { Mapper } from '../../kernel/mapping/mapper.ts'
import type { ForkingMapping } from '../../kernel/native/native-mapping.ts'
import type { MappingPart, MappingPlan } from '../../model/mapping/mapping-plan.ts'
import type { Pages } from '../../model/words/count.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import type { MappingSource } from './mapping-source.ts'
import type { Actor } from './other-user.ts'
import type { ReadingLog } from './reading-log.ts'

/** A part of the plan with its mapping. */
export interface MappedPart {
  readonly part: MappingPart
  readonly source: MappingSource
  readonly mapping: ForkingMapping
  /** The number of the part's first page, counted over all pages of the test. */
  readonly first: Pages
  /** The pages that were faulted in before anything was touched. Absent where this is not known. */
  populated?: Pages
}

/** What the functions of a running test share. */
export interface RunningTest {
  readonly ports: Ports
  readonly mapper: Mapper
  readonly plan: MappingPlan
  readonly signals: SignalWatch
  readonly log: ReadingLog
  /** Who makes the test. */
  readonly actor: Actor
}
