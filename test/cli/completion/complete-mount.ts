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

const texts = async (line: string): Promise<readonly string[]> =>
  (await candidatesFor(line.split(' '), facts)).map(({ text }) => text)

t.test('directories are left to the shell', async (t) => {
  t.strictSame(await texts('mount '), [directoryMark])
  t.strictSame(await texts('mount /mnt/h'), [directoryMark])
  t.strictSame(await texts('mount --mkdir -- -x'), [directoryMark])
  t.strictSame(await texts('mount /mnt/huge '), [], 'there is one')
  t.strictSame(await texts('mount -t hugetlbfs none '), [directoryMark], 'a source is none')
  t.strictSame(await texts('mount -t hugetlbfs none /mnt/huge '), [], 'there is one')
  t.equal(
    await completionText(['mount', '--size', '2M', ''], treeOf('one-node')),
    `${directoryMark}\n`,
  )
})

t.test('page sizes of this machine', async (t) => {
  t.strictSame(await texts('mount --pagesize '), ['2M', '1G', 'default'])
  t.strictSame(await texts('mount /mnt/huge --pagesize=1'), ['--pagesize=1G'])
  t.equal(
    await completionText(['mount', '--pagesize', '5'], treeOf('arm64-64k')),
    '512M\tpages of 512M\n',
  )
})

t.test('flags, each once', async (t) => {
  t.strictSame(await texts('mount --options '), flagWords)
  t.strictSame(await texts('mount --options no'), ['nosuid', 'nodev', 'noexec'])
  t.strictSame(await texts('mount --options nosuid,no'), ['nosuid,nodev', 'nosuid,noexec'])
  t.strictSame(await texts('mount --options=ro,r'), ['--options=ro,rw'])
  t.strictSame(await texts('mount --options x,ro,n'), ['x,ro,nosuid', 'x,ro,nodev', 'x,ro,noexec'])
})

t.test('who mounts it at every start', async (t) => {
  t.strictSame(await texts('mount /mnt/huge --persist '), ['fstab', 'systemd', 'config'])
  t.strictSame(await texts('mount --persist=s'), ['--persist=systemd'])
  t.strictSame(await texts('umount --pers'), ['--persist'])
})

t.test('free words', async (t) => {
  for (const name of ['size', 'min-size', 'nr-inodes', 'uid', 'gid', 'mode'])
    t.strictSame(await texts(`mount --${name} `), [], name)
})

t.test('mounts takes no operand', async (t) => {
  t.strictSame(await texts('mounts '), [])
  t.strictSame(await texts('mounts -o TARGET,S'), ['TARGET,SIZE'])
})
