import { chmodSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { failureFacts, objectionOf } from '../../../src/errors.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { readOwnFile } from '../../../src/operations/config/read-own-file.ts'
import { temporary } from '../../helpers/run.ts'

const asRoot = process.getuid?.() === 0 ? false : 'root alone is to trust nobody else'

t.test('root does not go on with a file that others can change', { skip: asRoot }, async (t) => {
  const top = realpathSync(temporary(t))
  const file = join(top, 'own.toml')
  writeFileSync(file, 'mine\n')
  const read = () => readOwnFile(directoryTree('/'), file, (text) => text === 'mine\n')
  chmodSync(file, 0o644)
  t.equal(read(), 'mine\n')
  chmodSync(file, 0o666)
  const hint = `once you know what others did there: chmod go-w ${file}`
  t.strictSame(objectionOf(read).map(failureFacts), [
    {
      code: 'E_REFUSED',
      reason: 'not-trusted',
      message: `${file}: is not trusted: it can be written by others, with the mode 0666`,
      hint,
      hints: [hint],
    },
  ])
})
