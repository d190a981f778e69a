import t from 'tap'
import { rpmOstree } from '../../../../src/model/boot/loaders/rpm-ostree.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const asked = (line: string) => bootFiles({}, { answers: { 'rpm-ostree kargs': `${line}\n` } })
const commands = (line: string, wanted: string) =>
  rpmOstree.commands(asked(line), { wanted, takesOver: false })

t.test('it is there', async (t) => {
  const mark = { '/run/ostree-booted': '' }
  t.equal(rpmOstree.isHere(bootFiles(mark, { programs: ['rpm-ostree'] })), true)
  t.equal(rpmOstree.isHere(bootFiles(mark)), false)
  t.equal(rpmOstree.isHere(bootFiles({}, { programs: ['rpm-ostree'] })), false)
})

t.test('all goes and comes in one call, each word by its value', async (t) => {
  t.strictSame(commands('a hugepages=4 hugepagesz=1G hugepages=4', 'hugepagesz=2M hugepages=4'), [
    [
      ...['rpm-ostree', 'kargs'],
      ...['--delete=hugepages=4', '--delete=hugepagesz=1G', '--delete=hugepages=4'],
      ...['--append=hugepagesz=2M', '--append=hugepages=4'],
    ],
  ])
  t.strictSame(commands('a', 'hugepages=4'), [['rpm-ostree', 'kargs', '--append=hugepages=4']])
  t.strictSame(commands('hugepages=4', ''), [['rpm-ostree', 'kargs', '--delete=hugepages=4']])
  t.strictSame(commands('a hugepages=4', 'hugepages=4'), [], 'no deployment for nothing')
  t.strictSame(commands('a', ''), [])
})

t.test('what will be booted', async (t) => {
  t.strictSame(rpmOstree.entries(asked('a b')), [
    { path: 'rpm-ostree kargs', title: 'the next deployment', line: 'a b' },
  ])
  t.strictSame(rpmOstree.entries(bootFiles()), [])
})
