import t from 'tap'
import { asideName, isAside, nameBefore } from '../../../../src/model/processes/files/aside-name.ts'
import * as fc from '../../../helpers/property.ts'

t.test('the name of a file that is set aside contains its own', async (t) => {
  t.equal(asideName('rtemap_0', 12n), '.hugepool-12-rtemap_0')
  t.equal(nameBefore('.hugepool-12-rtemap_0', 12n), 'rtemap_0')
  t.equal(nameBefore('.hugepool-12-rtemap_0', 3n), undefined, 'another file has such a name')
  t.equal(nameBefore('.hugepool-12-.hugepool-3-a', 12n), '.hugepool-3-a')
  for (const name of ['rtemap_0', '.hugepool-', '.hugepool-1-', '.hugepool--a', 'x.hugepool-1-a'])
    t.equal(isAside(name), false, name)
})

t.test('what was left under such a name gets another one, which does not grow', async (t) => {
  t.equal(asideName('.hugepool-12-a', 12n), '.hugepool-12+a')
  t.equal(asideName('.hugepool-12+a', 12n), '.hugepool-12-a')
  t.equal(asideName('.hugepool-3-a', 12n), '.hugepool-12-.hugepool-3-a', 'of another file')
  const longest = asideName('x'.repeat(242), 12n) ?? ''
  t.equal(asideName(longest, 12n)?.length, 255)
})

t.test('a name has at most 255 bytes', async (t) => {
  t.equal(asideName('x'.repeat(242), 12n)?.length, 255)
  t.equal(asideName('x'.repeat(243), 12n), undefined)
  t.equal(asideName('ß'.repeat(122), 12n), undefined)
})

t.test('property: the name comes back', async () => {
  const names = fc.string({ unit: fc.character, minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(names, fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (name, inode) => {
      const aside = asideName(name, inode)
      return aside === undefined || nameBefore(aside, inode) === name
    }),
  )
})
