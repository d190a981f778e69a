import t from 'tap'
import { readRelease, readSurplusRules, takesGiganticOvercommit } from '../../src/kernel/release.ts'
import { fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'

t.test('the release, and whether it takes an overcommit of gigantic pages', async (t) => {
  for (const [release, major, takes] of [
    ['3.10.0-1160.el7.x86_64', 3, false],
    ['5.19.17', 5, false],
    ['6.6.87-gentoo', 6, false],
    ['6.18.9-amd64', 6, false],
    ['6.19.0-rc1', 6, true],
    ['6.19', 6, true],
    ['7.0.0', 7, true],
    ['10.2.1', 10, true],
  ] as const) {
    const kernel = fakeKernel({ release })
    t.equal(readRelease(kernel), major, release)
    t.equal(takesGiganticOvercommit(kernel), takes, release)
  }
  const kernel = fakeKernel()
  kernel.extra.set('/proc/sys/kernel/osrelease', 'something else\n')
  t.equal(readRelease(kernel), undefined)
  t.equal(takesGiganticOvercommit(kernel), false)
})

t.test('what stands in the way on older kernels does on one without a version', async (t) => {
  const rulesOf = (release: string) => {
    const kernel = fakeKernel()
    kernel.extra.set('/proc/sys/kernel/osrelease', `${release}\n`)
    const { nodeFilesHeedSurplus, freesBesideSurplus } = readSurplusRules(kernel)
    return [nodeFilesHeedSurplus, freesBesideSurplus]
  }
  t.strictSame(rulesOf('6.6.87'), [false, false])
  t.strictSame(rulesOf('6.7.0'), [true, false])
  t.strictSame(rulesOf('6.15.9'), [true, false])
  t.strictSame(rulesOf('6.16-rc1'), [true, true])
  t.strictSame(rulesOf('7.0'), [true, true])
  t.strictSame(rulesOf('something else'), [true, false])
})
