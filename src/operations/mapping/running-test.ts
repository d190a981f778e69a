import type { Mapper } from '../../kernel/mapping/mapper.ts'
import type { Mapping } from '../../kernel/native/native-mapping.ts'
import type { MappingPart, MappingPlan } from '../../model/mapping/mapping-plan.ts'
import type { Pages } from '../../model/words/count.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import type { MappingSource } from './mapping-source.ts'
import type { ReadingLog } from './reading-log.ts'

/** A part of the plan while it is mapped. */
export interface MappedPart {
  readonly part: MappingPart
  readonly source: MappingSource
  readonly mapping: Mapping
  /** Its first page among all pages of the test. */
  readonly first: Pages
  /** Faulted in before anything was touched, where that is known. */
  populated?: Pages
}

/** A test under way. */
export interface RunningTest {
  readonly ports: Ports
  readonly mapper: Mapper
  readonly plan: MappingPlan
  readonly signals: SignalWatch
  readonly log: ReadingLog
}
