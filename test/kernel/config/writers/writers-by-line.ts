import t, { type Test } from 'tap'
import {
  lineWriters,
  tunedLineWriters,
} from '../../../../src/kernel/config/writers/writers-by-line.ts'
import { targetOf } from '../../../helpers/generated.ts'
import { writableFacts, writerLine, writerStage } from '../../../helpers/writer-stage.ts'

const target = targetOf('6.12')

const found = (t: Test, files: Readonly<Record<string, string>>) => {
  const { tree, reader } = writerStage(t, files)
  return lineWriters(tree, reader, writableFacts, target).map(writerLine)
}

const ofLine = (t: Test, line: string) => found(t, { '/proc/cmdline': `${line}\n` })

t.test('the kernel command line', async (t) => {
  t.strictSame(ofLine(t, 'quiet hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=0:5,1:3'), [
    'kernel-line before /proc/cmdline persistent 2M=8',
    'kernel-line before /proc/cmdline persistent 1G=2',
  ])
  t.strictSame(
    ofLine(t, 'hugepages=7 sysctl.vm.nr_hugepages=9 sysctl.vm/nr_overcommit_hugepages=4'),
    [
      'kernel-line before /proc/cmdline persistent 2M=7',
      'kernel-line before /proc/cmdline persistent 2M=9',
      'kernel-line before /proc/cmdline overcommit 2M=4',
    ],
  )
  t.strictSame(ofLine(t, 'hugepages=1'), ['kernel-line before /proc/cmdline persistent 2M=1'])
  t.strictSame(ofLine(t, 'hugepagesz=1G hugepages=0 default_hugepagesz=2M'), [])
  t.strictSame(ofLine(t, '-- hugepages=7'), [])
  t.strictSame(found(t, {}), [])
})

const built = (
  t: Test,
  line: string,
  words: string,
  release = '6.1.0\n',
): ReturnType<typeof found> =>
  found(t, {
    '/proc/cmdline': `${line}\n`,
    '/proc/sys/kernel/osrelease': release,
    '/boot/config-6.1.0': `CONFIG_CMDLINE_BOOL=y\nCONFIG_CMDLINE="${words}"\n`,
  })

t.test('words that are built into the kernel', async (t) => {
  const words = 'hugepages=4 sysctl.vm.nr_overcommit_hugepages=3'
  const its = [
    'built-in before /boot/config-6.1.0:2 persistent 2M=4',
    'built-in before /boot/config-6.1.0:2 overcommit 2M=3',
  ]
  t.strictSame(built(t, `${words} quiet`, words), its, 'told once')
  t.strictSame(built(t, `${words} quiet hugepagesz=1G hugepages=2`, words), [
    ...its,
    'kernel-line before /proc/cmdline persistent 1G=2',
  ])
  t.strictSame(
    built(t, 'hugepages=4', words),
    ['kernel-line before /proc/cmdline persistent 2M=4'],
    'the line does not have them',
  )
  t.strictSame(built(t, words, words, ''), [
    'kernel-line before /proc/cmdline persistent 2M=4',
    'kernel-line before /proc/cmdline overcommit 2M=3',
  ])
  t.strictSame(built(t, 'quiet', 'quiet'), [])
  t.strictSame(built(t, 'hugepages=4 quiet', 'hugepages=4'), its.slice(0, 1))
})

t.test('words that are not those of the device tree', async (t) => {
  const bootargs = '/proc/device-tree/chosen/bootargs'
  const passed = (line: string, its: string) =>
    found(t, { '/proc/cmdline': `${line}\n`, [bootargs]: `${its}\0` })
  t.strictSame(passed('quiet hugepages=4 hugepagesz=1G hugepages=2', 'quiet hugepages=4'), [
    'built-in before /proc/cmdline persistent 1G=2',
    'kernel-line before /proc/cmdline persistent 2M=4',
  ])
  t.strictSame(passed('quiet hugepages=4', 'quiet hugepages=4'), [
    'kernel-line before /proc/cmdline persistent 2M=4',
  ])
  t.strictSame(passed('quiet hugepages=4', 'hugepages=9'), [
    'built-in before /proc/cmdline persistent 2M=4',
  ])
})

t.test('words that tuned adds to the kernel command line', async (t) => {
  const boot = '/etc/tuned/bootcmdline'
  const found = (words: string, line: string) => {
    const files = { [boot]: `TUNED_BOOT_CMDLINE="${words}"\n`, '/proc/cmdline': `${line}\n` }
    const { tree, reader } = writerStage(t, files)
    return tunedLineWriters(tree, reader, writableFacts, target).map(writerLine)
  }
  const words = 'hugepages=7 sysctl.vm.nr_overcommit_hugepages=3'
  const set = [`tuned before ${boot} persistent 2M=7`, `tuned before ${boot} overcommit 2M=3`]
  t.strictSame(found(words, 'quiet'), set)
  t.strictSame(found(words, `quiet ${words}`), [], 'this start had them')
  t.strictSame(found('', 'quiet'), [])
  const bare = writerStage(t, { [boot]: `TUNED_BOOT_CMDLINE="${words}"\n` })
  t.strictSame(tunedLineWriters(bare.tree, bare.reader, writableFacts, target).map(writerLine), set)
  const none = writerStage(t, {})
  t.strictSame(tunedLineWriters(none.tree, none.reader, writableFacts, target), [])
})

t.test('settings around the pools, where they are looked for', async (t) => {
  const thp = '/sys/kernel/mm/transparent_hugepage/enabled'
  const { tree, reader } = writerStage(t, {
    '/proc/cmdline': 'transparent_hugepage=never hugetlb_free_vmemmap=on\n',
  })
  const paths = (...asked: readonly string[]) =>
    lineWriters(tree, reader, { ...writableFacts, paths: asked }, target)
  t.strictSame(paths(), [])
  t.strictSame(paths(thp), [
    { source: 'kernel-line', file: '/proc/cmdline', when: 'before', path: thp, value: 'never' },
  ])
})
