import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { run, treeCopy } from '../../helpers/run.ts'
import { twoNodes } from '../../helpers/test-on-fake.ts'

/** A machine of two nodes that was started with this line. */
const started = (line: string, release = '6.12') => {
  const kernel = fakeKernel({ ...twoNodes, release })
  kernel.extra.set('/proc/cmdline', `${line}\n`)
  return kernel
}

t.test('the line of this start, beside the pools that there are', async (t) => {
  t.strictSame(await onFake(started('ro hugepages=0:6,1:4 hugepagesz=1G'), 'boot'), {
    status: 0,
    stdout: lines(
      'WORD               MEANS                                                RESULT  WHY',
      'hugepages=0:6,1:4  pages of the default size: 6 on node 0, 4 on node 1  used    -',
      'hugepagesz=1G      the next number counts pages of 1G                   used    no number of pages follows it',
      '',
      'SIZE  NODE  DEFAULT  PREDICTED  FOUND',
      '  2M     -        *         10     10',
      '  2M     0        *          6      6',
      '  2M     1        *          4      4',
      '  1G     -        -          0      2',
      '  1G     0        -          0      1',
      '  1G     1        -          0      1',
    ),
    stderr: lines(
      'hugepool: note: not used as it stands: hugepagesz=1G',
      'hugepool: note: 1G: the line comes to 0 pages, and there are 2: the pool was changed since, or the start had less memory',
      "hint: 'hugepool boot --check' says what to write instead",
    ),
  })
})

t.test('another line, and another kernel: nothing was found of these', async (t) => {
  const one = ['boot', '--line', 'default_hugepagesz=1G hugepages=0:1', '-r']
  t.strictSame(await onFake(started('hugepages=1'), [...one, '--kernel', '5.10.1-x']), {
    status: 0,
    stdout: lines(
      'WORD MEANS RESULT WHY',
      'default_hugepagesz=1G the\\040default\\040page\\040size\\040is\\0401G used -',
      "hugepages=0:1 0\\040pages\\040of\\0401G used ':1'\\040is\\040not\\040read",
      '',
      'SIZE NODE DEFAULT PREDICTED FOUND',
      '2M - no 0 -',
      '2M 0 no 0 -',
      '2M 1 no 0 -',
      '1G - yes 0 -',
      '1G 0 yes 0 -',
      '1G 1 yes 0 -',
    ),
    stderr: lines(
      'hugepool: note: not used as it stands: hugepages=0:1',
      "hint: 'hugepool boot --check' says what to write instead",
    ),
  })
})

t.test('what is wrong, and on which kernels', async (t) => {
  const words = ['boot', '--check', '--kernel', 'all', '-o', 'PLACE,WORD,RESULT,INSTEAD,KERNELS']
  t.strictSame(await onFake(started('ro hugepages=0:6,1:4 hugepagesz=1G'), words), {
    status: 5,
    stdout: lines(
      'PLACE  WORD           RESULT   INSTEAD                    KERNELS',
      '   22  hugepagesz=1G  used     hugepagesz=1G hugepages=N  -',
      '    -  -              differs  -                          5.10 to 5.15',
    ),
    stderr: lines(
      'hugepool: 1 word of the line is not right',
      'hugepool: the line comes to something else on other kernels',
    ),
  })
  t.strictSame(await onFake(started('hugepages=4'), 'boot --check --kernel all'), {
    status: 0,
    stdout: '',
    stderr: '',
  })
})

t.test('a kernel that does not boot, for a program', async (t) => {
  const { status, stdout } = await onFake(started('ro hugepages', '6.18'), 'boot --json')
  t.equal(status, 0)
  const { predicted, found, words, notes, kernel, line } = JSON.parse(stdout)
  t.strictSame([kernel, line, predicted.boots], ['6.18', 'ro hugepages', false])
  t.strictSame(words, [
    {
      word: 'hugepages',
      place: 4,
      means: 'a number of pages',
      result: 'no-boot',
      why: 'the kernel ends at a word without a value, before it can say so',
    },
  ])
  t.strictSame(found, {
    default: 2097152,
    pools: [
      {
        pageSize: 2097152,
        total: 10,
        nodes: [
          { node: 0, total: 6 },
          { node: 1, total: 4 },
        ],
      },
      {
        pageSize: 1073741824,
        total: 2,
        nodes: [
          { node: 0, total: 1 },
          { node: 1, total: 1 },
        ],
      },
    ],
  })
  t.strictSame(notes.at(-1), 'Linux 6.18 does not boot with this line, and says nothing')
})

t.test('another architecture', async (t) => {
  const words = ['boot', '--arch', 'arm64', '--base-page', '64K', '--line', 'hugepages=2', '-rno']
  t.strictSame(await onFake(started(''), [...words, 'MEANS']), {
    status: 0,
    stdout: lines(
      '2\\040pages\\040of\\040the\\040default\\040size',
      '',
      '2M - no 0 -',
      '2M 0 no 0 -',
      '2M 1 no 0 -',
      '512M - yes 2 -',
      '512M 0 yes 2 -',
      '512M 1 yes 0 -',
      '16G - no 0 -',
      '16G 0 no 0 -',
      '16G 1 no 0 -',
    ),
    stderr: '',
  })
})

t.test('what cannot be read has to be named', async (t) => {
  const without = (...files: readonly string[]) => {
    const root = treeCopy(t, 'two-nodes')
    for (const file of files) rmSync(join(root, file))
    return directoryTree(root)
  }
  const tree = without('/proc/cmdline')
  t.strictSame(await run(['boot'], { tree }), {
    status: 4,
    stdout: '',
    stderr: lines(
      'hugepool: /proc/cmdline: the kernel command line cannot be read here',
      'hint: \'hugepool boot --line "WORDS"\' explains a line that is typed',
    ),
  })
  t.equal((await run(['boot', '--line', 'ro'], { tree })).status, 0)
  const none = without('/proc/sys/kernel/osrelease')
  t.strictSame(await run(['boot'], { tree: none }), {
    status: 4,
    stdout: '',
    stderr: lines(
      'hugepool: /proc/sys/kernel/osrelease: the version of the kernel cannot be read here',
      "hint: 'hugepool boot --kernel 6.12' names one",
    ),
  })
  t.equal((await run(['boot', '--kernel', '6.12'], { tree: none })).status, 0)
})
