import t from 'tap'
import { machineKinds } from '../../../src/model/config/machine-kinds.ts'
import { whenParsers } from '../../../src/model/config/when-words.ts'
import { G } from '../../helpers/sizes.ts'

t.test('words of every key', async (t) => {
  t.strictSame(whenParsers.host(['DB-*', 'a.b']), ['db-*', 'a.b'])
  t.strictSame(whenParsers.nodes(['2', '>=2', '<=2', '>2', '<2', '0']), [
    { sign: '=', than: 2n },
    { sign: '>=', than: 2n },
    { sign: '<=', than: 2n },
    { sign: '>', than: 2n },
    { sign: '<', than: 2n },
    { sign: '=', than: 0n },
  ])
  t.strictSame(whenParsers.memory(['>=64G', '<1073741824']), [
    { sign: '>=', than: 64n * G },
    { sign: '<', than: G },
  ])
  t.strictSame(whenParsers.arch(['amd64', 's390x']), ['x86_64', 's390x'])
  t.strictSame(whenParsers.virtualization(['vm', 'docker']), ['vm', 'docker'])
})

t.test('other words are refused', async (t) => {
  const wrong: Readonly<Record<keyof typeof whenParsers, readonly string[]>> = {
    host: ['', 'a b', 'a/b', 'a\0'],
    nodes: ['', 'two', '==2', '=2', '>= 2', '-1', '02', '10000', '>='],
    memory: ['', '64G', '=64G', '>=x', '>=', '>=-1', '>=10%'],
    arch: ['', 'X86', 'a b'],
    virtualization: ['', 'KVM', 'real', 'hyperv'],
  }
  for (const [key, words] of Object.entries(wrong))
    for (const word of words)
      t.throws(
        () => whenParsers[key as keyof typeof whenParsers]([word]),
        { code: 'E_USAGE', message: new RegExp(`^'${word.replace('\0', '.')}' is`) },
        `${key}: ${word}`,
      )
  t.throws(() => whenParsers.virtualization(['x']), {
    code: 'E_USAGE',
    hint: `these are: ${machineKinds.join(', ')}`,
  })
})
