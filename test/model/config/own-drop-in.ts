import assert from 'node:assert/strict'
import t from 'tap'
import { isOwnText, mergeIntoDropIn } from '../../../src/model/config/own-drop-in.ts'
import type { Count } from '../../../src/model/words/count.ts'
import { configurations, faultsIn, readText, said } from '../../helpers/config.ts'
import * as fc from '../../helpers/property.ts'
import { G, M } from '../../helpers/sizes.ts'

const pages = (count: bigint): Count => ({ kind: 'pages', sign: '', pages: count })
const all = (count: bigint) => ({ counts: pages(count), atLeast: false })

const mount = {
  request: { target: '/mnt/huge', pageSize: 2n * M, flagWords: '' },
  mkdir: true,
  over: false,
}

const header = `# 'hugepool ... --persist' writes this file, and keeps nothing but its keys and values.
# What else this machine should have belongs into /etc/hugepool.toml or a file of another name.
`

t.test('the first change makes the file, and others add to it', async (t) => {
  const first = mergeIntoDropIn(undefined, { pools: [{ size: 2n * M, pages: all(512n) }] })
  t.equal(first, `${header}\nversion = 1\n\n[pools.2M]\npages = 512\n`)
  const second = mergeIntoDropIn(first, {
    pools: [
      { size: G, pages: { counts: [{ node: 1, count: pages(2n) }], atLeast: false } },
      { size: 2n * M, overcommit: pages(8n) },
    ],
    mounts: [mount],
  })
  t.equal(
    second,
    `${header}
version = 1

[pools.2M]
pages = 512
overcommit = 8

[pools.1G]
pages = "1:2"

[mounts."/mnt/huge"]
page-size = "2M"
mkdir = true
`,
  )
  t.equal(
    mergeIntoDropIn(second, {
      pools: [{ size: G, pages: all(0n) }],
      withoutMounts: ['/mnt/huge', '/mnt/other'],
    }),
    `${header}
version = 1

[pools.2M]
pages = 512
overcommit = 8

[pools.1G]
pages = 0
`,
  )
})

t.test('what somebody wrote into the file stays, but for comments', async (t) => {
  const text = `# mine
leave = "1G"
[pools.2048kB]
pages = 4 # four
essential = false
[mounts."/mnt//huge/"]
page-size = "1G"
size = "1G"
[when]
host = ["db-*", "web"]
nodes = 2
`
  t.equal(
    mergeIntoDropIn(text, { pools: [{ size: 2n * M, pages: all(5n) }], mounts: [mount] }),
    `${header}
version = 1
leave = "1G"

[pools.2048kB]
pages = 5
essential = false

[mounts."/mnt/huge"]
page-size = "2M"
mkdir = true

[when]
host = [ "db-*", "web" ]
nodes = 2
`,
  )
})

t.test('a file that cannot be read is not written anew', async (t) => {
  t.strictSame(
    faultsIn(() => mergeIntoDropIn('[pools.2M]\npages = "x"\npage = 1\n', {})),
    [
      `/etc/hugepool.d/50-hugepool.toml:2:1: pools.2M.pages: 'x' is not a count | pages are written as 512, "8G", "0:512,1:256" or ">=512"`,
      '/etc/hugepool.d/50-hugepool.toml:3:1: pools.2M.page: there is no such key: did you mean pages?',
    ],
  )
  t.strictSame(
    faultsIn(() => mergeIntoDropIn('a b', {}, '/x.toml')),
    ['/x.toml:1:3: no TOML: illegal character in key'],
  )
})

t.test('its own texts are known', async (t) => {
  t.equal(isOwnText(mergeIntoDropIn(undefined, {})), true)
  t.equal(mergeIntoDropIn(undefined, {}), `${header}\nversion = 1\n`)
  t.equal(isOwnText('version = 1\n'), false)
})

t.test('changes one after the other come to what they say', async () => {
  fc.assert(
    fc.property(configurations, configurations, (one, other) => {
      const changes = ({ pools, mounts }: typeof one) => ({
        pools: pools.map(({ size, pages, overcommit }) => ({
          size,
          ...(pages && { pages }),
          ...(overcommit && { overcommit }),
        })),
        mounts,
      })
      const text = mergeIntoDropIn(mergeIntoDropIn(undefined, changes(one)), changes(other))
      const { pools, mounts } = said(readText(text))
      const wanted = new Map(one.mounts.map((each) => [each.request.target, each]))
      for (const each of other.mounts) wanted.set(each.request.target, each)
      assert.deepStrictEqual(new Map(mounts.map((each) => [each.request.target, each])), wanted)
      for (const { size, pages, overcommit } of [...one.pools, ...other.pools]) {
        const found = pools.find((pool) => pool.size === size)
        const last = other.pools.find((pool) => pool.size === size)
        assert.deepStrictEqual(
          [found?.pages, found?.overcommit],
          [
            last?.pages ?? pages ?? found?.pages,
            last?.overcommit ?? overcommit ?? found?.overcommit,
          ],
        )
      }
      assert.equal(mergeIntoDropIn(text, {}), text)
    }),
  )
})
