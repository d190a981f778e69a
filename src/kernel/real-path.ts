import { realpathSync } from 'node:fs'

/** Follows all links. Without `.native`, realpathSync would take their names for UTF-8. */
export const realPathOf = (path: string): string => realpathSync.native(path)
