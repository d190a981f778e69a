import { statSync } from 'node:fs'
import type { StatAsKnown } from '../../native/native.ts'
import { ifShown } from './quick-read.ts'
import type { Scan } from './scan-state.ts'

/**
 * What stat(2) tells of a file or directory of another process; undefined where it cannot be seen. With
 * the addon no server is asked: one that does not answer would hold up the scan for ever.
 */
export const statusAsKnown = ({ native }: Scan, path: string): StatAsKnown | undefined =>
  ifShown(() =>
    native === undefined ? statSync(path, { bigint: true }) : native.statAsKnown(path),
  )
