import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { objectionOf } from '../../../src/errors.ts'
import { explainFile } from '../../../src/operations/mapping/file-errors.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { lines } from '../../helpers/on-fake.ts'
import { temporary } from '../../helpers/run.ts'
import { onMachine, procWith } from '../../helpers/running-machine.ts'

t.test('a directory that is closed is named, be it above the one of the file', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/self/mountinfo', '')
  kernel.extra.set(
    '/proc/self/status',
    lines('Uid:\t7\t7\t7\t7', 'Gid:\t8\t8\t8\t8', 'Groups:\t8', 'CapEff:\t0000000000000000'),
  )
  const tree = onMachine(kernel, procWith(t))
  const top = temporary(t)
  const inner = join(top, 'outer/inner')
  mkdirSync(inner, { recursive: true })
  const said = (outerMode: number, innerMode: number) => {
    chmodSync(join(top, 'outer'), outerMode)
    chmodSync(inner, innerMode)
    return objectionOf(() => {
      throw explainFile(systemError('EACCES', 'open'), tree, inner)
    }).map(({ code, message, hint }) => ({ code, message, hint }))
  }
  const deniedAt = (path: string) => [
    {
      code: 'E_PERMISSION',
      message: `${path}: permission denied (EACCES)`,
      hint: `'chgrp 8 ${path}' and 'chmod g+rwx ${path}' let that group in; --via memfd needs no mount`,
    },
  ]
  t.strictSame(said(0o700, 0o755), deniedAt(join(top, 'outer')))
  t.strictSame(said(0o755, 0o755), deniedAt(inner))
  t.strictSame(said(0o755, 0o777), deniedAt(inner), 'nothing is seen in the way')
})
