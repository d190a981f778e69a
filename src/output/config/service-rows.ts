import type { ServiceState } from '../../model/config/service/service-state.ts'
import { type Column, column, onRequest } from '../columns.ts'

export const serviceColumns: readonly Column<ServiceState>[] = [
  column('INIT', 'what starts the machine', ({ kind }) => kind, 'left'),
  column('FILE', 'the file of the service', ({ path }) => path, 'left'),
  column(
    'STATE',
    'enabled, disabled, absent, masked, or foreign: not of hugepool',
    ({ installed }) => installed,
    'left',
  ),
  column('STARTS', 'early: before file systems are mounted; or later', ({ form }) => form, 'left'),
  column('LAST', 'how the last run ended', ({ last }) => last?.outcome, 'left'),
  onRequest(column('STATUS', 'exit status of the last run', ({ last }) => last?.status)),
  onRequest(column('NODE-PATH', 'the node that it runs', ({ program }) => program?.at(-2), 'left')),
  onRequest(
    column('HUGEPOOL-PATH', 'the hugepool that it runs', ({ program }) => program?.at(-1), 'left'),
  ),
]
