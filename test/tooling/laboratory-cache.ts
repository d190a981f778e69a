import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'

/** As much of the header of a kernel's image as says how long it is: 512 bytes and 16 more. */
const kernelImage = () => {
  const image = Buffer.alloc(1024)
  image.writeUInt8(0, 0x1f1)
  image.writeUInt32LE(32, 0x1f4)
  image.write('HdrS', 0x202)
  return image
}

const directory = 'linux-image-6.12.1-cloud-amd64'

/** A cache with one kernel, in a directory with a space in its name, and a machine without network. */
const cacheOf = (t: Test, image: Buffer) => {
  const top = t.testdir({
    'a cache': {
      hugepool: {
        apt: { updated: '', lists: { partial: {} }, archives: { partial: {} } },
        kernels: {
          [directory]: { vmlinuz: image },
          'series-6.12': t.fixture('symlink', directory),
        },
      },
    },
    bin: { 'apt-get': '#!/bin/sh\necho http://localhost trixie Debian\n' },
  })
  chmodSync(`${top}/bin/apt-get`, 0o755)
  const home = `${top}/a cache`
  utimesSync(`${home}/hugepool/apt/updated`, new Date(), new Date(Date.now() - 60_000))
  return { bin: `${top}/bin`, home, kernels: `${home}/hugepool/kernels` }
}

const kernels = (cache: ReturnType<typeof cacheOf>, environment = {}) => {
  const PATH = `${cache.bin}:${process.env.PATH}`
  const env = { ...process.env, PATH, XDG_CACHE_HOME: cache.home, ...environment }
  const line = ['test/vm/kernels.sh', '6.12']
  return spawnSync('sh', line, { env, encoding: 'utf8' })
}

t.test('a kernel of the cache is taken as it is', async (t) => {
  const cache = cacheOf(t, kernelImage())
  const { status, stdout } = kernels(cache)
  t.equal(stdout, `6.12 ${cache.kernels}/${directory}/vmlinuz\n`)
  t.equal(status, 0)
})

t.test('a kernel that is not whole is not taken', async (t) => {
  for (const image of [kernelImage().subarray(0, 1023), Buffer.alloc(0), Buffer.alloc(2048)]) {
    const { status, stdout, stderr } = kernels(cacheOf(t, image))
    t.equal(stdout, '')
    t.match(stderr, 'no kernel 6.12')
    t.equal(status, 1)
  }
})

t.test('a download that fails leaves nothing', async (t) => {
  const cache = cacheOf(t, Buffer.alloc(0))
  writeFileSync(
    `${cache.bin}/apt-cache`,
    `#!/bin/sh
case "$*" in
*pkgnames*) echo linux-image-6.12-cloud-amd64 ;;
*madison*) echo 'linux-image-6.12-cloud-amd64 | 6.12.1-1 | http://localhost bookworm/main' ;;
esac
`,
    { mode: 0o755 },
  )
  writeFileSync(`${cache.bin}/apt-get`, '#!/bin/sh\nexit 100\n')
  const { status, stdout, stderr } = kernels(cache)
  t.match(stderr, 'downloading linux-image-6.12-cloud-amd64')
  t.strictSame([status, stdout], [100, ''])
  t.strictSame(readdirSync(cache.kernels).sort(), [directory, 'series-6.12'])
})

t.test('a cache that cannot be written to', async (t) => {
  const cache = cacheOf(t, kernelImage())
  // Root may write wherever a file system lets anybody.
  const { status, stderr } = kernels(cache, { XDG_CACHE_HOME: '/proc' })
  t.match(stderr, /no kernel 6\.12 in \/proc\/hugepool, and nothing can be written there/)
  t.equal(status, 1)
})

t.test('a relative XDG_CACHE_HOME is ignored', async (t) => {
  const cache = cacheOf(t, kernelImage())
  const line = '. test/vm/cache.sh; echo "$cache"'
  for (const relative of ['', 'here', './here']) {
    const env = { HOME: cache.home, XDG_CACHE_HOME: relative }
    const { stdout } = spawnSync('sh', ['-c', line], { env, encoding: 'utf8' })
    t.equal(stdout, `${cache.home}/.cache/hugepool\n`)
  }
  t.notOk(existsSync('here'))
})

t.test('only 1 leaves the laboratory out', async (t) => {
  for (const script of ['test/prerequisites.sh', 'test/vm/run.sh'])
    for (const value of ['0', 'yes']) {
      const env = { ...process.env, HUGEPOOL_SKIP_VM: value }
      const { status, stderr } = spawnSync('sh', [script], { env, encoding: 'utf8' })
      t.match(stderr, `HUGEPOOL_SKIP_VM=${value} means nothing`)
      t.equal(status, 2)
    }
})
