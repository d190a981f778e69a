import { hiddenProcessesWords } from '../../model/mounts/hidden-by.ts'
import type { Unseen } from '../../model/processes/who/unseen.ts'
import { plural } from '../../model/words/plural.ts'

const processNotes = ({ pids, names }: Unseen, what: string): readonly string[] => {
  const rest = `could not be looked into, and ${what}`
  if (pids.length === 0) return []
  return pids.length === 1
    ? [`process ${names} ${rest}`]
    : [`${plural(pids.length, 'process', 'processes')} ${rest}: ${names}`]
}

/** Says that there may be more files than are seen. */
export const unreadNotes = ({ directories }: Unseen): readonly string[] =>
  directories === 0
    ? []
    : [
        `${plural(directories, 'directory', 'directories')} could not be looked at, and may have files`,
      ]

/** Says what could not be seen, and what it may have. */
export const unseenNotes = (unseen: Unseen, what: string): readonly string[] => [
  ...processNotes(unseen, what),
  ...(unseen.hidden === undefined
    ? []
    : [`there may be ${hiddenProcessesWords[unseen.hidden]}: they ${what}`]),
]
