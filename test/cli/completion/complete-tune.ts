import t from 'tap'
import { candidatesFor, completionText } from '../../../src/cli/completion/completion-text.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { settingsFor } from '../../../src/model/config/tune/tuned-settings.ts'
import { tunedStage } from '../../helpers/tuned-stage.ts'

const facts = {
  sizes: () => [],
  defaultSize: () => undefined,
  nodes: () => [],
  mounts: () => [],
  settings: () => settingsFor([65536n]),
  groups: () => ['root', 'oracle'],
}

const offered = async (...words: readonly string[]) =>
  (await candidatesFor(['tune', ...words], facts)).map(({ text }) => text)

t.test('keys, for a value', async (t) => {
  t.strictSame(await offered('shm'), ['shm-group=', 'shmmax=', 'shmall=', 'shmmni='])
  t.strictSame(await offered('thp.'), ['thp.64K='])
  t.strictSame(await offered('shmmni=5', 'shm'), ['shm-group=', 'shmmax=', 'shmall='], 'the others')
  t.strictSame(await candidatesFor(['tune', 'min-'], facts), [
    { text: 'min-free=', help: 'memory kept free' },
  ])
})

t.test('keys alone, behind one that is looked at', async (t) => {
  t.strictSame(await offered('shmmax', 'shm'), ['shm-group', 'shmall', 'shmmni'])
})

t.test('values', async (t) => {
  t.strictSame(await offered('thp='), ['thp=always', 'thp=madvise', 'thp=never'])
  t.strictSame(await offered('thp-defrag=def'), ['thp-defrag=defer', 'thp-defrag=defer+madvise'])
  t.strictSame(await offered('shm-group='), ['shm-group=root', 'shm-group=oracle'])
  t.strictSame(await offered('free-vmemmap='), ['free-vmemmap=0', 'free-vmemmap=1'])
  t.strictSame(await offered('shmmax=m'), ['shmmax=max'])
  t.strictSame(await offered('shmmni='), [])
  t.strictSame(await offered('nothing='), [])
})

t.test('of a machine', async (t) => {
  const tree = directoryTree(tunedStage(t).root)
  t.equal(await completionText(['tune', 'thp.6'], tree), 'thp.64K=\tTHP of 64K\n')
  t.equal(await completionText(['tune', 'shm-group=o'], tree), 'shm-group=oracle\n')
})

t.test('without any facts', async (t) => {
  const { settings: _, groups: __, ...bare } = facts
  t.strictSame(await candidatesFor(['tune', ''], bare), [])
  const group = { ...bare, settings: facts.settings }
  t.strictSame(await candidatesFor(['tune', 'shm-group='], group), [])
})
