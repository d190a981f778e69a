import { nearWord } from '../words/near-word.ts'
import { present } from '../words/present.ts'
import type { ConfigFault, KeyPath } from './config-fault.ts'

/** Other programs and people have these names for keys. */
const otherNames: Readonly<Record<string, string>> = {
  user: 'uid',
  owner: 'uid',
  group: 'gid',
  inodes: 'nr-inodes',
  count: 'pages',
  persistent: 'pages',
  'nr-hugepages': 'pages',
}

/** The headers of tables, by the names with which they begin. */
const headers: Readonly<Record<string, string>> = {
  pools: '[pools.SIZE]',
  mounts: '[mounts."/PATH"]',
  boot: '[boot]',
  tune: '[tune]',
  when: '[when]',
}

type KeysOfTables = Readonly<Record<string, readonly string[]>>

const guess = (table: string, key: string, keysOfTables: KeysOfTables): string => {
  const keys = keysOfTables[table] ?? []
  const near = nearWord(key, keys) ?? keys.find((known) => known === otherNames[key])
  if (near !== undefined) return `: did you mean ${near}?`
  const other = Object.keys(headers).find((name) => keysOfTables[name]?.includes(key))
  return other === undefined ? '' : `: it stands in ${headers[other]}`
}

/** Makes the fault of a key that is not known, with the key that was probably meant. */
export const unknownKey = (path: KeyPath, key: string, keysOfTables: KeysOfTables): ConfigFault => {
  const table = path[0] ?? ''
  const guessed = guess(table, key, keysOfTables)
  return present({
    path: [...path, key],
    message: `there is no such key${guessed}`,
    hint: guessed === '' ? `the keys there are ${keysOfTables[table]?.join(', ')}` : undefined,
  })
}
