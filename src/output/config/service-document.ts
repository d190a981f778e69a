import type { ServiceState } from '../../model/config/service/service-state.ts'
import { unlessEmpty } from '../../model/words/present.ts'
import type { ServiceStateDocument } from '../schemas/documents.ts'

/** Returns a service in the form of JSON documents. */
export const serviceDocument = (state: ServiceState): ServiceStateDocument => {
  const { kind, path, installed, form, program, missing, last } = state
  return {
    init: kind,
    path,
    state: installed,
    starts: form,
    program,
    missing: unlessEmpty(missing),
    last: last && { ...last },
  }
}
