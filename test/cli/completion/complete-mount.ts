import t from 'tap'
import type { CompletionFacts } from '../../../src/cli/completion/candidates.ts'
import { candidatesFor, completionText } from '../../../src/cli/completion/completion-text.ts'
import { directoryMark } from '../../../src/cli/completion-scripts.ts'
import { flagWords } from '../../../src/model/mounts/mount-flags.ts'
import { treeOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const facts: CompletionFacts = {
  sizes: () => [2n * M, 1024n * M],
  defaultSize: () => 2n * M,
  nodes: () => [0],
  mounts: () => [],
}

const texts = (line: string): readonly string[] =>
  candidatesFor(line.split(' '), facts).map(({ text }) => text)

t.test('directories are left to the shell', async (t) => {
  t.strictSame(texts('mount '), [directoryMark])
  t.strictSame(texts('mount /mnt/h'), [directoryMark])
  t.strictSame(texts('mount --mkdir -- -x'), [directoryMark])
  t.strictSame(texts('mount /mnt/huge '), [], 'there is one')
  t.strictSame(texts('mount -t hugetlbfs none '), [directoryMark], 'a source is none')
  t.strictSame(texts('mount -t hugetlbfs none /mnt/huge '), [], 'there is one')
  t.equal(completionText(['mount', '--size', '2M', ''], treeOf('one-node')), `${directoryMark}\n`)
})

t.test('page sizes of this machine', async (t) => {
  t.strictSame(texts('mount --pagesize '), ['2M', '1G', 'default'])
  t.strictSame(texts('mount /mnt/huge --pagesize=1'), ['--pagesize=1G'])
  t.equal(
    completionText(['mount', '--pagesize', '5'], treeOf('arm64-64k')),
    '512M\tpages of 512M\n',
  )
})

t.test('flags, each once', async (t) => {
  t.strictSame(texts('mount --options '), flagWords)
  t.strictSame(texts('mount --options no'), ['nosuid', 'nodev', 'noexec'])
  t.strictSame(texts('mount --options nosuid,no'), ['nosuid,nodev', 'nosuid,noexec'])
  t.strictSame(texts('mount --options=ro,r'), ['--options=ro,rw'])
  t.strictSame(texts('mount --options x,ro,n'), ['x,ro,nosuid', 'x,ro,nodev', 'x,ro,noexec'])
})

t.test('who mounts it at every start', async (t) => {
  t.strictSame(texts('mount /mnt/huge --persist '), ['fstab', 'systemd', 'config'])
  t.strictSame(texts('mount --persist=s'), ['--persist=systemd'])
  t.strictSame(texts('umount --pers'), ['--persist'])
})

t.test('free words', async (t) => {
  for (const name of ['size', 'min-size', 'nr-inodes', 'uid', 'gid', 'mode'])
    t.strictSame(texts(`mount --${name} `), [], name)
})

t.test('mounts takes no operand', async (t) => {
  t.strictSame(texts('mounts '), [])
  t.strictSame(texts('mounts -o TARGET,S'), ['TARGET,SIZE'])
})
