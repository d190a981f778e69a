import t from 'tap'
import {
  cleanQuestion,
  leftWords,
  reasonsToStay,
  removalLines,
  unreachedWords,
} from '../../../../src/model/processes/files/clean-words.ts'
import { hugeFile } from '../../../helpers/huge-file.ts'

const a = hugeFile({ path: '/mnt/huge/a', pages: 1n })
const b = hugeFile({ path: "/mnt/huge/b's", reach: "/proc/7/root/mnt/huge/b's" })
const dpdk = hugeFile({
  path: '/mnt/huge/rtemap_0',
  program: { program: 'DPDK', detail: 'prefix rte' },
})

t.test('the question shows each file with its pages and its program', async (t) => {
  t.equal(
    cleanQuestion([a, dpdk]),
    [
      'nobody has these files:',
      '  /mnt/huge/a: 1 page of 2M',
      '  /mnt/huge/rtemap_0: 4 pages of 2M, of DPDK (prefix rte)',
      'remove 2 files? [y/N] ',
    ].join('\n'),
  )
  t.match(cleanQuestion([a]), /remove 1 file\?/)
})

t.test('a name in the question has no control characters', async (t) => {
  const file = hugeFile({ path: '/mnt/huge/\x1b[2J\n  other' })
  t.strictSame(cleanQuestion([file]).split('\n').length, 3)
  t.notMatch(cleanQuestion([file]), '\x1b')
})

t.test('lines for a shell, which lead to the file from here', async (t) => {
  t.strictSame(removalLines([a, b]), ['rm -- /mnt/huge/a', "rm -- '/proc/7/root/mnt/huge/b'\\''s'"])
})

t.test('which files stay, one sentence for a reason; that one is used is no news', async (t) => {
  t.strictSame(reasonsToStay([{ file: a }, { file: b, kept: 'used' }]), [])
  t.strictSame(
    reasonsToStay([
      { file: a, kept: 'young' },
      { file: b, kept: 'kept' },
      { file: dpdk, kept: 'young' },
    ]),
    [
      '/mnt/huge/a and 1 more file stay: it was used a short while ago',
      "/mnt/huge/b's stays: --keep names it",
    ],
  )
})

t.test('why a file was not removed, and where it is', async (t) => {
  t.strictSame(
    leftWords([
      { file: a },
      { file: b, left: 'used' },
      { file: dpdk, left: 'name-taken', at: '/mnt/huge/.hugepool-100-rtemap_0' },
    ]),
    [
      "/mnt/huge/b's: not removed: somebody has it by now",
      '/mnt/huge/rtemap_0: not removed: another file has its name by now; it is now /mnt/huge/.hugepool-100-rtemap_0',
    ],
  )
})

t.test('files that nothing leads to', async (t) => {
  const at = (path: string) => ({ ...hugeFile({ path }), reach: '' })
  t.strictSame(unreachedWords([a, b]), [])
  t.strictSame(unreachedWords([a, at('/mnt/x')]), [
    '/mnt/x is in a mount namespace that no process is in: nothing leads there',
  ])
  t.strictSame(unreachedWords(['/1', '/2', '/3', '/4'].map(at)), [
    '/1, /2, /3 and 1 more are in mount namespaces that no process is in: nothing leads there',
  ])
})
