import t from 'tap'
import { persistOrUndo } from '../../../src/operations/mounts/persist-or-undo.ts'
import { huge, portsOn, scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

t.test('what was written is the result, and nothing is taken back', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/fstab': '' })
  const made = await persistOrUndo(portsOn(root), huge, 'fstab', () => 'it stays')
  t.hasStrict(made, { persisted: { kind: 'fstab', outcome: 'done' } })
})

t.test('what could be taken back is no result', async (t) => {
  const undone: string[] = []
  const undo = () => void undone.push('undone')
  const ports = portsOn(temporary(t))
  await t.rejects(persistOrUndo(ports, huge, 'systemd', undo), { code: 'E_UNSUPPORTED' })
  t.strictSame(undone, ['undone'])
})

t.test('a fault of the program is thrown, and what stays is said', async (t) => {
  const said: string[] = []
  const ports = {
    ...portsOn(temporary(t)),
    reason: (text: string) => said.push(text),
    // Nothing can be read of it, which is no error of the kernel.
    tree: { root: '/' },
  } as unknown as Parameters<typeof persistOrUndo>[0]
  await t.rejects(
    persistOrUndo(ports, huge, 'fstab', () => 'it stays'),
    { name: 'TypeError' },
  )
  t.strictSame(said, ['it stays'])
})
