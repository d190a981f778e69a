/**
 * The documents that have a schema: files of the configuration, errors, and what each command
 * prints.
 */
export const documentNames = [
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
  'watch',
  'files',
  'doctor',
  'export',
  'schema',
  'apply',
  'check',
  'boot',
  'service',
  'tune',
  'metrics',
  'completion',
  'man',
] as const

export type DescribedName = (typeof documentNames)[number]

export const isDocumentName = (word: string): word is DescribedName =>
  documentNames.some((name) => name === word)
