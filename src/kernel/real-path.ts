import { realpathSync } from 'node:fs'

/** Follows all links. realpathSync without `.native` takes their names for UTF-8. */
export const realPathOf = (path: string): string => realpathSync.native(path)
