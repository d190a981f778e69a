import t from 'tap'
import { bootc } from '../../../../src/model/boot/loaders/bootc.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const help = { 'bootc loader-entries set-options-for-source --help': '' }
const mark = { '/run/ostree-booted': '' }

t.test('it is there where it has the command', async (t) => {
  t.equal(bootc.isHere(bootFiles(mark, { answers: help })), true)
  t.equal(bootc.isHere(bootFiles(mark)), false)
  t.equal(bootc.isHere(bootFiles({}, { answers: help })), false)
})

t.test('it is known by what it answers, and asks for the words of the deployment', async (t) => {
  t.strictSame(bootc.traces, {
    marks: ['/run/ostree-booted'],
    programs: ['bootc', 'rpm-ostree'],
    asks: [
      ['bootc', 'loader-entries', 'set-options-for-source', '--help'],
      ['rpm-ostree', 'kargs'],
    ],
    folders: ['/boot/loader/entries', '/efi/loader/entries', '/boot/efi/loader/entries'],
  })
})

t.test('one string for its source, or none', async (t) => {
  const set = ['bootc', 'loader-entries', 'set-options-for-source', '--source', 'hugepool']
  const commands = (wanted: string) => bootc.commands(bootFiles(), { wanted, takesOver: false })
  t.strictSame(commands('hugepagesz=1G hugepages=2'), [
    [...set, '--options', 'hugepagesz=1G hugepages=2'],
  ])
  t.strictSame(commands(''), [set])
})

t.test('the next deployment is asked for, or read where nothing answers', async (t) => {
  const text = { '/boot/loader/entries/ostree-1.conf': 'title F\noptions a\n' }
  const asked = { 'rpm-ostree kargs': 'a b\n' }
  t.strictSame(
    bootc.entries(bootFiles(text, { answers: asked })).map(({ line }) => line),
    ['a b'],
  )
  t.strictSame(
    bootc.entries(bootFiles(text)).map(({ line }) => line),
    ['a'],
  )
})
