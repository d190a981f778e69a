import t from 'tap'
import { cpuFlagsIn, readSizeFacts } from '../../../src/kernel/pools/size-facts.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { treeOf } from '../../helpers/run.ts'

t.test('a name of the architecture is told from a release', async (t) => {
  const tree = treeOf('no-1g')
  const read = (path: string) =>
    path === '/proc/sys/kernel/arch' ? octets('armv7l\n') : tree.read(path)
  const facts = readSizeFacts({ ...tree, read })
  t.strictSame([facts.architecture, facts.isNamed], ['armv7l', true])
})

t.test('the flags of the first CPU', async (t) => {
  const cpu = (flags: string) => `processor\t: 0\nflags\t\t:${flags}\nvmx flags\t: ept_1gb\n\n`
  t.strictSame(cpuFlagsIn(`${cpu(' fpu pdpe1gb')}${cpu(' pse')}`), ['fpu', 'pdpe1gb'])
  t.equal(cpuFlagsIn('processor\t: 0\nFeatures\t: fp asimd\n'), undefined, 'arm64')
  t.equal(cpuFlagsIn('vendor_id       : IBM/S390\nfeatures\t: esan3 edat\n'), undefined, 's390x')
  t.equal(cpuFlagsIn(''), undefined)
})

t.test('a recording without cpuinfo has the name of its release', async (t) => {
  t.strictSame(readSizeFacts(treeOf('no-1g')), {
    sizes: [2n * 1024n ** 2n],
    architecture: '6.12.48+deb13-amd64',
  })
})

t.test('a recording with cpuinfo has the flags of that machine', async (t) => {
  const tree = treeOf('no-1g')
  const cpu = octets('processor\t: 0\nflags\t\t: fpu pdpe1gb\n')
  const read = (path: string) => (path === '/proc/cpuinfo' ? cpu : tree.read(path))
  t.strictSame(readSizeFacts({ ...tree, read }).cpuFlags, ['fpu', 'pdpe1gb'])
})
