import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { heldBytes } from '../../src/kernel/stat-blocks.ts'
import { temporary } from '../helpers/run.ts'

t.test('a block has 512 bytes', async (t) => {
  t.equal(heldBytes({ blocks: 0n }), 0n)
  t.equal(heldBytes({ blocks: 4096n }), 2n * 1024n ** 2n)
  const file = join(temporary(t), 'x')
  writeFileSync(file, 'x'.repeat(100_000))
  const stat = statSync(file, { bigint: true })
  t.ok(heldBytes(stat) >= stat.size || stat.blocks === 0n, 'of a file that has no holes')
})
