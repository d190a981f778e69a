import { quotedCommand, shellWord } from '../../etc/shell-word.ts'

/** The command that sets something around the pools, now and at every start, as a hint names it. */
export const tuneLine = (key: string, value: bigint | string): string =>
  quotedCommand(`hugepool tune ${shellWord(`${key}=${value}`)} --persist`)
