import t from 'tap'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { present } from '../../../src/model/words/present.ts'
import { loaderDocument } from '../../../src/output/boot/loader-document.ts'
import { bootMachine } from '../../helpers/predicted.ts'
import { G } from '../../helpers/sizes.ts'

const loader = { name: 'grubby', title: 'T' }

t.test('what a boot loader was told, and what is pending', async (t) => {
  t.strictSame(present(loaderDocument({ action: 'remove', outcome: 'done', loader })), {
    action: 'remove',
    outcome: 'done',
    loader,
  })
  const line = 'hugepagesz=1G hugepages=0:1'
  const predicted = predictBoot(line, [6, 12], bootMachine)
  const told = loaderDocument({
    action: 'pending',
    loader,
    lines: ['a'],
    configured: { path: '/c', words: 'x' },
    next: { path: '/n', title: 'N', release: '6.1', line, words: line, predicted },
    kexec: { path: '/k', line: 'k', words: '' },
    now: { line: 'l', words: '' },
    differs: ['this-boot'],
  })
  t.strictSame(
    [told.lines, told.configured, told.differs],
    [['a'], { path: '/c', words: 'x' }, ['this-boot']],
  )
  t.strictSame(
    [told.next?.path, told.next?.title, told.next?.release, told.next?.line, told.next?.words],
    ['/n', 'N', '6.1', line, line],
  )
  t.strictSame(told.next?.predicted?.pools[1], {
    pageSize: G,
    total: 1n,
    nodes: [
      { node: 0, total: 1n },
      { node: 1, total: 0n },
    ],
  })
  t.strictSame(present(told.kexec ?? {}), { path: '/k', line: 'k', words: '' })
  const loaded = loaderDocument({ action: 'pending', loader, kexec: { path: '/k' } })
  t.strictSame(present(loaded.kexec ?? {}), { path: '/k' })
  const both = loaderDocument({
    action: 'pending',
    loader,
    kexec: { path: '/k', line, words: line, predicted },
  })
  t.equal(both.kexec?.predicted?.pools[1]?.total, 1n)
  t.strictSame(present(told.now ?? {}), { line: 'l', words: '' })
})
