import type { FileStep } from '../../etc/file-step.ts'
import { shellWord } from '../../etc/shell-word.ts'
import type { MountWish } from '../desired-mount.ts'
import { fstabBackupPath, fstabLine, fstabPath } from './fstab.ts'
import { type FstabEdit, withLine, withoutLine } from './fstab-edit.ts'
import type { PersistPlan, PersistState } from './persist-facts.ts'

/** What stands for itself in the replacement of sed's s command, with | between its parts. */
const sedText = (line: string): string => line.replace(/[\\&|]/g, '\\$&')

/** `before` decides how a last line without a newline is treated. */
const fstabShell = (edit: FstabEdit, before: string, line: string): readonly string[] => {
  const sed = (script: string) => `sed -i --follow-symlinks ${shellWord(script)} ${fstabPath}`
  if (edit.change === 'replace') return [sed(`${edit.number}s|.*|${sedText(line)}|`)]
  if (edit.change === 'delete' && edit.after !== '' && !edit.after.endsWith('\n'))
    return [`truncate -s ${edit.after.length} ${fstabPath}`]
  if (edit.change === 'delete') return [sed(`${edit.number}d`)]
  const format = before === '' || before.endsWith('\n') ? '%s\\n' : '\\n%s'
  return [`printf '${format}' ${shellWord(line)} >> ${fstabPath}`]
}

const planOf = (state: PersistState, edit: FstabEdit, line = ''): PersistPlan => {
  const before = state.fstab
  const step: FileStep = {
    do: 'replace',
    path: fstabPath,
    ...(before !== undefined && { before, backup: fstabBackupPath }),
    after: edit.after,
    shell: fstabShell(edit, before ?? '', line),
  }
  return { kind: 'fstab', path: fstabPath, steps: edit.change === 'none' ? [] : [step] }
}

/** Throws E_REFUSED where somebody else's line mounts there. */
export const planLine = (state: PersistState, wish: MountWish): PersistPlan => {
  const line = fstabLine(wish, state.systemd)
  return planOf(state, withLine(state.fstab ?? '', wish.target, line), line)
}

/** None where hugepool has no line for the directory. */
export const planLineRemoval = (state: PersistState, target: string): readonly PersistPlan[] => {
  const edit = withoutLine(state.fstab ?? '', target)
  return edit.change === 'none' ? [] : [planOf(state, edit)]
}
