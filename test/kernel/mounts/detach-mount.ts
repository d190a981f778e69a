import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { detach, unmountPath } from '../../../src/kernel/mounts/detach-mount.ts'
import type { Native } from '../../../src/kernel/native/native.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { answering as failing } from '../../helpers/failing-files.ts'
import { temporary } from '../../helpers/run.ts'

/** A kernel that answers calls in turn, the last answer for ever. */
const answering = (...answers: readonly (string | undefined)[]) => {
  const calls: unknown[] = []
  const umount = (...call: readonly unknown[]) => {
    const code = answers[Math.min(calls.push(call), answers.length) - 1]
    if (code !== undefined) throw Object.assign(new Error(code), { code, errno: -1 })
  }
  return { native: { umount } as unknown as Native, calls }
}

t.test('what only looks at a mount is waited for, and what uses it is not', async (t) => {
  for (const [answers, isDetached, tries] of [
    [[undefined], true, 1],
    [['EBUSY', undefined], true, 2],
    [['EBUSY', 'EBUSY', undefined], true, 3],
    [['EBUSY'], false, 3],
  ] as const) {
    const { native, calls } = answering(...answers)
    let pauses = 0
    const pause = () => {
      pauses += 1
    }
    t.equal(detach(native, '/mnt/huge', false, pause), isDetached)
    t.strictSame(
      calls,
      Array.from({ length: tries }, () => ['/mnt/huge', 8]),
    )
    t.equal(pauses, tries - 1)
  }
})

t.test('it waits by itself, and another answer is an error at once', async (t) => {
  const { native, calls } = answering('EBUSY', 'EINVAL')
  t.throws(() => detach(native, '/mnt/huge', true), { code: 'E_KERNEL', reason: 'kernel' })
  t.strictSame(
    calls,
    Array.from({ length: 2 }, () => ['/mnt/huge', 10]),
  )
})

t.test('the path of a mount follows the links on its way, and is none itself', async (t) => {
  const root = temporary(t)
  mkdirSync(join(root, 'mnt/huge'), { recursive: true })
  symlinkSync('mnt', join(root, 'way'))
  symlinkSync('huge', join(root, 'mnt/link'))
  const tree = directoryTree(root)
  t.equal(unmountPath(tree, '/way/huge'), '/mnt/huge')
  t.equal(unmountPath(tree, '/mnt/gone'), '/mnt/gone', 'mountinfo tells whether it is a mount')
  t.throws(() => unmountPath(tree, '/mnt/link'), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
    message: '/mnt/link: is a symbolic link',
    hint: 'name the directory that it leads to',
  })
  failing(t, join(root, 'mnt/huge'), 'EIO', ['lstatSync'])
  t.throws(() => unmountPath(tree, '/mnt/huge'), {
    code: 'E_KERNEL',
    message: '/mnt/huge: input/output error (EIO)',
  })
})
