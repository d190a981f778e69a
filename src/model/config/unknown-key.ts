import { nearWord } from '../words/near-word.ts'
import type { ConfigFault, KeyPath } from './config-fault.ts'

/** Names under which others have what a key says here. */
const otherNames: Readonly<Record<string, string>> = {
  user: 'uid',
  owner: 'uid',
  group: 'gid',
  inodes: 'nr-inodes',
  count: 'pages',
  persistent: 'pages',
  'nr-hugepages': 'pages',
}

/** The headers of the tables, by the name with which they begin. */
const headers: Readonly<Record<string, string>> = {
  pools: '[pools.SIZE]',
  mounts: '[mounts."/PATH"]',
  boot: '[boot]',
  tune: '[tune]',
  when: '[when]',
}

const hintFor = (
  table: string,
  key: string,
  keysOfTables: Readonly<Record<string, readonly string[]>>,
): string => {
  const keys = keysOfTables[table] ?? []
  const near = nearWord(key, keys) ?? keys.find((known) => known === otherNames[key])
  if (near !== undefined) return `did you mean ${near}?`
  const other = Object.keys(headers).find((name) => keysOfTables[name]?.includes(key))
  return other === undefined ? `the keys are ${keys.join(', ')}` : `it stands in ${headers[other]}`
}

/** The fault of a key that nothing is known of, with the key that was probably meant. */
export const unknownKey = (
  path: KeyPath,
  key: string,
  keysOfTables: Readonly<Record<string, readonly string[]>>,
): ConfigFault => ({
  path: [...path, key],
  message: 'no such key is known',
  hint: hintFor(path[0] ?? '', key, keysOfTables),
})
