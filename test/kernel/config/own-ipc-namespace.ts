import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { isOwnIpcNamespace } from '../../../src/kernel/config/own-ipc-namespace.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { lines } from '../../helpers/on-fake.ts'
import { tunedStage } from '../../helpers/tuned-stage.ts'

t.test('the IPC namespace that settings of segments belong to', async (t) => {
  const { root, hugepool } = tunedStage(t)
  const link = join(root, 'proc/self/ns/ipc')
  mkdirSync(join(root, 'proc/self/ns'), { recursive: true })
  t.equal(isOwnIpcNamespace(directoryTree(root)), false, 'not shown')
  symlinkSync('ipc:[4026531839]', link)
  t.equal(isOwnIpcNamespace(directoryTree(root)), false)
  rmSync(link)
  symlinkSync('ipc:[4026532000]', link)
  t.equal(isOwnIpcNamespace(directoryTree(root)), true)
  t.equal(
    (await hugepool('tune thp')).stderr,
    'hugepool: note: thp: accepts always, madvise, never\n',
  )
  const words = 'of this IPC namespace, not of the machine'
  t.equal((await hugepool('tune')).stderr, `hugepool: note: shmmax, shmall, shmmni: ${words}\n`)
  t.strictSame(await hugepool('tune shmmni=5 thp=never'), {
    status: 0,
    stdout: lines(
      'KEY      BEFORE  REQUESTED  AFTER  OUTCOME',
      'shmmni     4096          5      5  done',
      'thp     madvise      never  never  done',
    ),
    stderr: `hugepool: note: shmmni: ${words}\n`,
  })
})
