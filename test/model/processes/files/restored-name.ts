import t from 'tap'
import {
  pathBefore,
  restoredWords,
  restoringLines,
} from '../../../../src/model/processes/files/restored-name.ts'
import { hugeFile } from '../../../helpers/huge-file.ts'

t.test('the path before a file was set aside', async (t) => {
  const at = (path: string) => pathBefore(hugeFile({ path, key: '00:27:100' }))
  t.equal(at('/mnt/huge/.hugepool-100-rtemap_0'), '/mnt/huge/rtemap_0')
  t.equal(at('/.hugepool-100+a'), '/a')
  t.equal(at('/mnt/huge/.hugepool-101-rtemap_0'), undefined, 'of another file')
  t.equal(at('/mnt/.hugepool-100-a/b'), undefined, 'a directory of such a name')
  t.equal(at('/mnt/huge/rtemap_0'), undefined)
})

t.test('what became of its name', async (t) => {
  const file = hugeFile({ path: '/mnt/.hugepool-100-a', state: 'mapped' })
  t.strictSame(restoredWords([]), [])
  t.strictSame(
    restoredWords([
      { file, to: '/mnt/a', isDone: true },
      { file, to: '/mnt/a', isDone: false },
      { file: { ...file, state: 'left' }, to: '/mnt/a', isDone: true },
    ]),
    [
      '/mnt/.hugepool-100-a was set aside and somebody has it: it is /mnt/a again',
      '/mnt/.hugepool-100-a was set aside and somebody has it: it cannot be /mnt/a again',
      '/mnt/.hugepool-100-a was set aside and it stays: it is /mnt/a again',
    ],
  )
})

t.test('the lines for a shell', async (t) => {
  const file = hugeFile({ path: '/x', reach: '/proc/7/root/a b/.hugepool-100-c' })
  t.strictSame(restoringLines([file, hugeFile({})]), [
    "mv -nT -- '/proc/7/root/a b/.hugepool-100-c' '/proc/7/root/a b/c'",
  ])
})
