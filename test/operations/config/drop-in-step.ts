import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { DropInChanges } from '../../../src/model/config/own-drop-in.ts'
import { dropInStep } from '../../../src/operations/config/drop-in-step.ts'
import { dropIn, dropInHead } from '../../helpers/lasting-stage.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const changes: DropInChanges = {
  pools: [{ size: 2n * M, overcommit: { kind: 'pages', sign: '', pages: 7n } }],
}
const after = `${dropInHead}\n[pools.2M]\novercommit = 7\n`
const cat = `cat > ${dropIn} <<'END'\n${after}END`

t.test('a new file, a changed one, and one that says it already', async (t) => {
  const root = temporary(t)
  const tree = directoryTree(root)
  t.strictSame(dropInStep(tree, changes), {
    do: 'replace',
    path: dropIn,
    after,
    shell: ['mkdir -p /etc/hugepool.d', cat],
  })
  scratch(root, { [dropIn]: '' })
  t.strictSame(dropInStep(tree, changes), {
    do: 'replace',
    path: dropIn,
    before: '',
    after,
    shell: [cat],
  })
  scratch(root, { [dropIn]: after })
  t.equal(dropInStep(tree, changes), undefined)
})

t.test('names that are not ASCII are octets in the file', async (t) => {
  const root = temporary(t)
  const target = '/mnt/\u00e4'
  const request = { target, pageSize: 2n * M, flagWords: '' }
  const step = dropInStep(directoryTree(root), {
    mounts: [{ request, mkdir: false, over: false }],
  })
  t.match(step?.after, '[mounts."/mnt/\xc3\xa4"]\npage-size = "2M"\n')
  t.match(step?.shell.at(-1), `[mounts."${target}"]`)
})

t.test('files of others are refused', async (t) => {
  const root = temporary(t)
  const tree = directoryTree(root)
  scratch(root, { [dropIn]: '[pools.2M]\npages = 3\n' })
  t.throws(() => dropInStep(tree, changes), {
    code: 'E_REFUSED',
    reason: 'not-ours',
    message: `${dropIn} was not written by hugepool`,
    hint: 'give it another name: hugepool keeps no comments in it',
  })
  scratch(root, { [dropIn]: `${dropInHead}pools = 3\n` })
  t.throws(() => dropInStep(tree, changes), { code: 'E_CONFIG' })
  scratch(root, { [dropIn]: '\xff' })
  t.throws(() => dropInStep(tree, changes), { code: 'E_CONFIG', message: /is not UTF-8$/ })
})

t.test('a link is followed, but not to the null device', async (t) => {
  const root = temporary(t)
  const tree = directoryTree(root)
  mkdirSync(join(root, '/etc/hugepool.d'), { recursive: true })
  scratch(root, { '/srv/pools': after })
  symlinkSync('/srv/pools', join(root, dropIn))
  t.equal(dropInStep(tree, changes), undefined)
  const masked = temporary(t)
  mkdirSync(join(masked, '/etc/hugepool.d'), { recursive: true })
  symlinkSync('/dev/null', join(masked, dropIn))
  t.throws(() => dropInStep(directoryTree(masked), changes), {
    code: 'E_REFUSED',
    reason: 'masked',
    message: `${dropIn} is a link to /dev/null, which switches it off`,
  })
})
