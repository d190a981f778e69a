/** The documents that have a schema: files of the configuration, errors, and what each command prints. */
export const schemaNames = [
  'config',
  'error',
  'list',
  'resize',
  'overcommit',
  'demote',
  'mounts',
  'mount',
  'umount',
  'cp',
  'test',
  'who',
  'files',
  'export',
  'schema',
  'completion',
] as const

export type SchemaName = (typeof schemaNames)[number]

export const isSchemaName = (word: string): word is SchemaName =>
  schemaNames.some((name) => name === word)
