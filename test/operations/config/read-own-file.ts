import { chmodSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { failureFacts, objectionOf } from '../../../src/errors.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { checkRootAlone } from '../../../src/kernel/trusted-path.ts'
import { readOwnFile } from '../../../src/operations/config/read-own-file.ts'
import { temporary } from '../../helpers/run.ts'

t.test('root does not go on with a file that others can change', async (t) => {
  const file = join(realpathSync(temporary(t)), 'own.toml')
  writeFileSync(file, 'mine\n')
  const tree = directoryTree('/')
  const read = () => readOwnFile(tree, file, (text) => text === 'mine\n')
  chmodSync(file, 0o644)
  t.equal(read(), 'mine\n')
  chmodSync(file, 0o666)
  // To root, the files of who is not root are those of a stranger anyhow.
  const { geteuid } = process
  Object.assign(process, { geteuid: () => 0 })
  t.teardown(() => Object.assign(process, { geteuid }))
  const refused = objectionOf(() => checkRootAlone(tree, file)).map(failureFacts)
  t.strictSame(
    refused.map(({ code, reason }) => [code, reason]),
    [['E_REFUSED', 'not-trusted']],
  )
  t.strictSame(objectionOf(read).map(failureFacts), refused)
})
