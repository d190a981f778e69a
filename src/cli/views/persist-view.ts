import type { PersistResult } from '../../operations/mounts/persist-result.ts'
import type { PersistedDocument } from '../../output/schemas/documents.ts'

const backupWords = ({ backup }: PersistResult): string =>
  backup === undefined ? '' : `; the file as it was is ${backup}`

/** Says which file mounts the directory at every start. */
export const persistedWords = (result: PersistResult, target: string): readonly string[] => {
  const { kind, path, outcome, words } = result
  const subject = { fstab: 'a line mounts', systemd: 'mounts', config: 'has a mount of' }[kind]
  const already = outcome === 'unchanged' ? ' already' : ''
  return [`${path}: ${subject} ${target} at every start${already}${backupWords(result)}`, ...words]
}

/** Says of each file that it no longer mounts the directory at every start. */
export const unpersistedWords = (
  results: readonly PersistResult[],
  target: string,
): readonly string[] =>
  results.flatMap((result) => {
    const { kind, path, words } = result
    const what = {
      fstab: `the line that mounts ${target} `,
      systemd: '',
      config: `the mount of ${target} `,
    }
    const gone = `${what[kind]}is gone`
    return [`${path}: ${gone}${backupWords(result)}`, ...words]
  })

/** Returns what JSON documents say of --persist, in the same form for `mount` and `umount`. */
export const persistedDocument = ({
  kind,
  path,
  outcome,
  backup,
  lacking,
}: PersistResult): PersistedDocument => ({
  kind,
  path,
  outcome,
  backup,
  lacking: lacking && { ...lacking },
})
