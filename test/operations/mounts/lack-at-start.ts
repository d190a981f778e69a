import t from 'tap'
import { lackAtStart } from '../../../src/operations/mounts/lack-at-start.ts'
import { persistMount } from '../../../src/operations/mounts/persist-mount.ts'
import { huge, portsOn, scratch } from '../../helpers/persist.ts'
import { M } from '../../helpers/sizes.ts'

const desired = { ...huge, minSize: 8n * M }

t.test('pages that nothing provides at a start are counted, and the line is written', async (t) => {
  const root = t.testdir()
  scratch(root, { '/etc/fstab': '', '/proc/cmdline': 'quiet\n' })
  const options = { dryRun: false, wait: true, locked: true }
  const { outcome, lacking, hints } = await persistMount(portsOn(root), desired, 'fstab', options)
  t.strictSame([outcome, lacking, hints.length], ['done', { needed: 4n, provided: 0n }, 1])
  t.notOk('lacking' in (await persistMount(portsOn(root), huge, 'fstab', options)))
})

t.test('a command line that cannot be seen proves nothing', async (t) => {
  t.equal(lackAtStart(portsOn(t.testdir()).tree, desired), undefined)
})
