import type { FileStep } from '../../etc/file-step.ts'
import { shellWord } from '../../etc/shell-word.ts'
import { present } from '../../words/present.ts'
import type { DesiredMount } from '../desired-mount.ts'
import { fstabBackupPath, fstabLine, fstabPath } from './fstab.ts'
import { type FstabEdit, withLine, withoutLine } from './fstab-edit.ts'
import type { PersistFacts, PersistPlan } from './persist-facts.ts'

/** Escapes a line for the replacement in an `s` command of sed with `|` between its parts. */
const sedText = (line: string): string => line.replace(/[\\&|]/g, '\\$&')

/**
 * Returns the shell lines that make an edit. `before` is the file's text, which tells whether its
 * last line ends with a newline.
 */
const fstabShell = (edit: FstabEdit, before: string, line: string): readonly string[] => {
  const sed = (script: string) => `sed -i --follow-symlinks ${shellWord(script)} ${fstabPath}`
  if (edit.kind === 'replace') return [sed(`${edit.number}s|.*|${sedText(line)}|`)]
  if (edit.kind === 'delete' && edit.after !== '' && !edit.after.endsWith('\n'))
    return [`truncate -s ${edit.after.length} ${fstabPath}`]
  if (edit.kind === 'delete') return [sed(`${edit.number}d`)]
  const format = before === '' || before.endsWith('\n') ? '%s\\n' : '\\n%s'
  return [`printf '${format}' ${shellWord(line)} >> ${fstabPath}`]
}

const fstabPlan = (facts: PersistFacts, edit: FstabEdit, line = ''): PersistPlan => {
  const before = facts.fstab
  const step: FileStep = present({
    do: 'replace',
    path: fstabPath,
    before,
    backup: before === undefined ? undefined : fstabBackupPath,
    after: edit.after,
    shell: fstabShell(edit, before ?? '', line),
  })
  return { kind: 'fstab', path: fstabPath, steps: edit.kind === 'none' ? [] : [step] }
}

/** Plans hugepool's line for a mount. Throws E_REFUSED where a line of others mounts there. */
export const planLine = (facts: PersistFacts, desired: DesiredMount): PersistPlan => {
  const line = fstabLine(desired, facts.systemd)
  return fstabPlan(facts, withLine(facts.fstab ?? '', desired.target, line, facts.names), line)
}

/**
 * Plans the removal of hugepool's line for a directory. Returns no plan where there is no such
 * line.
 */
export const planLineRemoval = (facts: PersistFacts, target: string): readonly PersistPlan[] => {
  const edit = withoutLine(facts.fstab ?? '', target, facts.names)
  return edit.kind === 'none' ? [] : [fstabPlan(facts, edit)]
}
