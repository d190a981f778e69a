import { segmentsQuestion } from '../model/processes/files/segment-words.ts'
import type { Ports } from '../operations/ports.ts'
import type { Document } from '../output/schemas/documents.ts'
import type { View } from '../output/view.ts'
import { isAgreed } from './ask-agreement.ts'
import type { TypedFiles } from './commands/files.ts'
import { type ShownSegments, segmentsView } from './views/segments-view.ts'

const clean = async (request: TypedFiles, ports: Ports): Promise<ShownSegments> => {
  const { carryOutSegments, planSegments, removableSegments } = await import(
    '../operations/processes/files/clean-segments.ts'
  )
  const plan = planSegments(ports, request)
  if (request.dryRun) return { kind: 'planned', result: plan }
  const segments = removableSegments(plan)
  const agreement = {
    yes: request.yes,
    count: segments.length,
    question: () => segmentsQuestion(segments),
  }
  return isAgreed(ports, agreement)
    ? { kind: 'cleaned', result: await carryOutSegments(ports, plan) }
    : { kind: 'refused', result: plan }
}

const list = async (request: TypedFiles, ports: Ports): Promise<ShownSegments> => {
  const { listSegments } = await import('../operations/processes/files/list-segments.ts')
  return { kind: 'listed', result: listSegments(ports, request) }
}

/**
 * Shows the SysV segments of huge pages, and removes those that nobody has where that is asked for.
 */
export const showSegments = async (
  request: TypedFiles,
  ports: Ports,
): Promise<View<Document<'files'>>> =>
  segmentsView(await (request.clean ? clean : list)(request, ports), ports.now())
