import { execFileSync } from 'node:child_process'
import t from 'tap'
import { readBasePage } from '../../../src/kernel/pools/base-page.ts'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { M } from '../../helpers/sizes.ts'

const withAuxv = (words: Buffer): Tree => ({
  ...directoryTree('/nowhere'),
  read: () => octets(words.toString('latin1')),
})

const pairs = [33n, 6n, 16n, 4096n * 3n, 6n, 65536n, 0n, 0n]

const write = (length: number, put: (to: Buffer, word: bigint, at: number) => void): Buffer => {
  const to = Buffer.alloc(pairs.length * length)
  for (const [index, word] of pairs.entries()) put(to, word, index * length)
  return to
}

t.test('the kernel tells the base page, in words of any machine', async (t) => {
  const forms = {
    'little-endian': write(8, (to, word, at) => to.writeBigUInt64LE(word, at)),
    'big-endian': write(8, (to, word, at) => to.writeBigUInt64BE(word, at)),
    '32 bits': write(4, (to, word, at) => to.writeUInt32LE(Number(word), at)),
  }
  for (const [name, words] of Object.entries(forms))
    t.equal(readBasePage(withAuxv(words), [2n * M]), 65536n, name)
})

t.test('the smallest and the largest page that a kernel has', async (t) => {
  for (const bytes of [4096n, M]) {
    const words = BigUint64Array.from([6n, 2n * M, 6n, 2048n, 6n, bytes, 0n, 0n])
    t.equal(readBasePage(withAuxv(Buffer.from(words.buffer)), [2n * M, 512n * M]), bytes)
  }
})

t.test('a value that is no page size is passed over', async (t) => {
  const words = BigUint64Array.from([6n, 5000n, 6n, 2n ** 40n, 6n, 16n, 0n, 0n])
  t.equal(readBasePage(withAuxv(Buffer.from(words.buffer)), [2n * M]), 4096n)
  t.equal(readBasePage(withAuxv(Buffer.from('6\0\0')), [2n * M, 512n * M]), 65536n)
})

t.test('a recording without it is judged by its page sizes', async (t) => {
  t.equal(readBasePage(directoryTree('/nowhere'), [65536n, 2n * M, 32n * M]), 4096n)
  t.equal(readBasePage(directoryTree('/nowhere'), [2n * M, 512n * M]), 65536n)
})

t.test('of this machine', async (t) => {
  const bytes = execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })
  t.equal(readBasePage(directoryTree('/'), []), BigInt(bytes.trim()))
})
