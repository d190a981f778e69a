import t from 'tap'
import { debianGrub } from '../../../src/model/boot/loaders/debian-grub.ts'
import { givesThem, lookAtNextBoot, predictHere } from '../../../src/operations/boot/next-boot.ts'
import { bootFiles } from '../../helpers/boot-files.ts'
import { portsOn } from '../../helpers/persist.ts'
import { temporary, treePath } from '../../helpers/run.ts'

const ports = portsOn(treePath('two-nodes'))
const files = (line: string, release = '6.12.0') =>
  bootFiles({ '/boot/grub/grub.cfg': `menuentry 'A' {\n linux /vmlinuz-${release} ${line}\n}\n` })
const next = (line: string, release?: string) =>
  lookAtNextBoot(ports, { loader: debianGrub, files: files(line, release) })

const totals = (line: string, release?: string) =>
  predictHere(ports, line, release)?.pools.map(({ total }) => total)

t.test('a line is judged by the kernel of its entry', async (t) => {
  t.strictSame(totals('hugepages=0:2,1:2', '6.12.0'), [4n, 0n])
  t.strictSame(totals('hugepages=0:2,1:2', '5.10.0-8-amd64'), [0n, 0n])
  t.strictSame(totals('hugepages=3'), [3n, 0n], 'or by the one that runs')
  t.strictSame(totals('hugepages=3', 'custom'), [3n, 0n])
  t.equal(predictHere(portsOn(temporary(t)), 'hugepages=3', '6.12'), undefined)
  t.equal(predictHere(portsOn(treePath('no-hugetlb')), 'hugepages=3', '6.12'), undefined)
})

t.test('what will be booted', async (t) => {
  const found = next('ro hugepages=3 quiet')
  t.strictSame(
    [found?.path, found?.title, found?.release, found?.words, found?.line],
    ['/boot/grub/grub.cfg', 'A', '6.12.0', 'hugepages=3', 'ro hugepages=3 quiet'],
  )
  t.equal(found?.predicted?.pools[0]?.total, 3n)
  t.equal(lookAtNextBoot(ports, { loader: debianGrub, files: bootFiles() }), undefined)
})

t.test('whether it gives the pages', async (t) => {
  const gives = (line: string, sequence: string) => {
    const found = next(line)
    return found !== undefined && givesThem(ports, found, sequence)
  }
  t.equal(gives('ro hugepages=3', 'hugepages=3'), true)
  t.equal(gives('ro hugepages=4', 'hugepages=3'), false)
  t.equal(gives('ro', 'hugepages=3'), false)
  t.equal(
    gives('ro sysctl.vm.nr_hugepages=9 hugepages=3', 'hugepages=3'),
    false,
    'another word has the last say',
  )
  const bare = portsOn(temporary(t))
  const found = lookAtNextBoot(bare, { loader: debianGrub, files: files('hugepages=3') })
  t.equal(found !== undefined && givesThem(bare, found, 'hugepages=3'), true, 'nothing tells')
})
