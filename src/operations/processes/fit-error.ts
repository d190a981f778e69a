import { type ErrorDetails, HugepoolError, hintKeys } from '../../errors.ts'
import { readPrivilege } from '../../kernel/processes/read-privilege.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { Json } from '../../model/json.ts'
import { hintsThatFit, type Privilege, reasonThatFits } from '../../model/processes/privilege.ts'
import type { FailureReason } from '../../model/words/failure-reason.ts'

/** Fits the hint of one of several errors that were thrown as one. */
const fitReason = (reason: Json, privilege: Privilege): Json => {
  if (typeof reason !== 'object' || !('hint' in reason)) return reason
  const fit = hintsThatFit(`${reason.hint}`, `${reason.message}`, privilege)
  const word = reasonThatFits(reason.reason as FailureReason, privilege)
  return { ...reason, reason: word, ...hintKeys(fit) }
}

const fitDetails = (details: ErrorDetails, privilege: Privilege): ErrorDetails => {
  const { reasons } = details
  if (!Array.isArray(reasons)) return details
  return { ...details, reasons: reasons.map((each: Json) => fitReason(each, privilege)) }
}

/** Returns the error with hints that fit what the process may do, which `self` shows. */
export const fitError = (error: HugepoolError, self: Tree): HugepoolError => {
  const { code, message, hint, signal, details } = error
  const privilege = readPrivilege(self)
  if (privilege === undefined) return error
  const fit = hint && hintsThatFit(hint, message, privilege)
  const reason = reasonThatFits(error.reason, privilege)
  return new HugepoolError(code, reason, message, fit, signal, fitDetails(details, privilege))
}
