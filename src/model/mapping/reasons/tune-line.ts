import { quotedCommand, shellWord } from '../../etc/shell-word.ts'

/** Returns the command for a hint that sets something around the pools, now and at every start. */
export const tuneLine = (key: string, value: bigint | string): string =>
  quotedCommand(`hugepool tune ${shellWord(`${key}=${value}`)} --persist`)
