import t from 'tap'
import { removeStep, writeTextStep } from '../../../src/model/boot/loaders/loader-plan.ts'
import {
  carryOutLoader,
  checkLoaderSteps,
  loaderDenied,
} from '../../../src/operations/boot/carry-out-loader.ts'
import { loaderStage } from '../../helpers/loader-stage.ts'

const run = (...words: readonly string[]) => ({ do: 'run', words }) as const

t.test('steps in their order, with time for a program to end', async (t) => {
  const { ports, text } = loaderStage(t, { '/etc/a': 'x' })
  const seen: unknown[] = []
  const deeds: string[] = []
  const watching = {
    ...ports,
    run: async (words: readonly string[], patience?: number) => {
      seen.push([words.join(' '), patience, text('/etc/a'), text('/new/b/c')])
      return { status: 0, stdout: '', stderr: '' }
    },
  }
  const did = (_: string, words: string) => deeds.push(words)
  await carryOutLoader({ ...watching, did }, [
    writeTextStep('/new/b/c', undefined, 'n\n'),
    run('one'),
    removeStep('/etc/a', 'x'),
    run('two', 'w'),
  ])
  t.strictSame(seen, [
    ['one', 1_800_000, 'x', 'n\n'],
    ['two w', 1_800_000, undefined, 'n\n'],
  ])
  t.strictSame(
    deeds,
    ['/new/b/c written', "'one' run", '/etc/a removed', "'two w' run"],
    'told where an error follows',
  )
})

t.test('a program that fails ends it', async (t) => {
  const { ports, text } = loaderStage(t, { '/etc/a': 'x' })
  const failing = (stderr: string) => ({
    ...ports,
    run: async () => ({ status: 1, stdout: '', stderr }),
  })
  const steps = [run('grubby', '--args=a b'), removeStep('/etc/a', 'x')]
  await t.rejects(carryOutLoader(failing('first\nno space\n'), steps), {
    code: 'E_KERNEL',
    reason: 'loader-failed',
    message: "'grubby '--args=a b'' failed: no space",
    hint: 'once it is mended: --install again, or --remove, which takes back what is done',
  })
  await t.rejects(carryOutLoader(failing(''), steps), {
    message: "'grubby '--args=a b'' failed",
  })
  t.equal(text('/etc/a'), 'x')
})

t.test('a recorded machine runs nothing, and is not changed', async (t) => {
  const { ports, text, root } = loaderStage(t, { '/etc/a': 'x' })
  const { run: _, ...recorded } = ports
  await t.rejects(carryOutLoader(recorded, [removeStep('/etc/a', 'x')]), {
    code: 'E_UNSUPPORTED',
    reason: 'recording',
    message: `${root} is not the running kernel: it runs no programs`,
  })
  t.equal(text('/etc/a'), 'x')
  await carryOutLoader(recorded, [])
})

t.test('what an earlier one left goes, and what others changed stays', async (t) => {
  const { ports, texts } = loaderStage(t, { '/etc/a': 'y', '/etc/.#hugepool-00000000': '' })
  await t.rejects(carryOutLoader(ports, [removeStep('/etc/a', 'x')]), {
    code: 'E_REFUSED',
    reason: 'changed',
  })
  t.strictSame(texts(), { 'etc/a': 'y' })
})

t.test('a file that is written twice is asked about once', async (t) => {
  const { ports } = loaderStage(t, {})
  const steps = [
    writeTextStep('/var/lib/x/a', undefined, 'a\n'),
    writeTextStep('/var/lib/x/a', 'a\n', 'b\n'),
  ]
  t.doesNotThrow(() => checkLoaderSteps(ports, steps, false))
  t.equal(loaderDenied(ports, steps), undefined)
  const late = [writeTextStep('/var/lib/x/a', 'a\n', 'b\n')]
  t.throws(() => checkLoaderSteps(ports, late, true), { code: 'E_KERNEL', reason: 'no-file' })
  t.equal(loaderDenied(ports, late)?.reason, 'no-file')
})
