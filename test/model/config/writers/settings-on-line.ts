import t from 'tap'
import { settingsOnLine } from '../../../../src/model/config/writers/settings-on-line.ts'
import { targetOf } from '../../../helpers/generated.ts'

const on = (line: string) =>
  settingsOnLine(line, targetOf('6.12')).map(({ path, value }) => `${path.slice(-20)}=${value}`)

t.test('what a line sets of transparent huge pages', async (t) => {
  t.strictSame(on('quiet transparent_hugepage=never'), ['ent_hugepage/enabled=never'])
  t.strictSame(on('transparent-hugepage=always transparent_hugepage=madvise').length, 1)
  t.match(on('transparent_hugepage=always transparent-hugepage=madvise')[0], /=madvise$/)
  t.match(on('transparent_hugepage=always transparent_hugepage=no')[0], /=always$/)
  for (const none of [
    'transparent_hugepage',
    'transparent_hugepage=no',
    '-- transparent_hugepage=never',
  ])
    t.strictSame(on(none), [], none)
})

t.test('whether a line has page structs freed', async (t) => {
  t.match(on('hugetlb_free_vmemmap=on')[0], /vmemmap=1$/)
  t.match(on('hugetlb_free_vmemmap=on hugetlb_free_vmemmap=off')[0], /vmemmap=0$/)
  t.strictSame(on('quiet'), [])
})
