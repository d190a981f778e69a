import t from 'tap'
import type { ConfigPosition } from '../../../src/model/config/configuration.ts'
import { overriding } from '../../../src/model/config/overriding.ts'

const at = (file: string, key: string): ConfigPosition => ({ file, line: 3, key })

t.test('a file with a later name overrides, and no other', async (t) => {
  const files = [
    '/etc/hugepool.toml',
    '/etc/hugepool.d/10-a.toml',
    '/usr/lib/hugepool.d/49-b.toml',
    '/etc/hugepool.d/50-hugepool.toml',
    '/run/hugepool.d/50-hugepool2.toml',
    '/usr/lib/hugepool.d/90-c.toml',
  ]
  const positions = new Map(files.map((file, index) => [`k${index}`, at(file, `k${index}`)]))
  t.strictSame(overriding({ positions }, [...positions.keys(), 'unknown']), [
    at('/run/hugepool.d/50-hugepool2.toml', 'k4'),
    at('/usr/lib/hugepool.d/90-c.toml', 'k5'),
  ])
  t.strictSame(overriding({ positions }, ['k3']), [])
})
