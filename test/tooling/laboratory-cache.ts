import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import t, { type Test } from 'tap'

/** As much of the header of a kernel's image as says how long it is: 512 bytes and 16 more. */
const kernelImage = () => {
  const image = Buffer.alloc(1024)
  image.writeUInt8(0, 0x1f1)
  image.writeUInt32LE(32, 0x1f4)
  image.write('HdrS', 0x202)
  return image
}

/** An image of arm64 as far as it says how long it is: two sections, of which the last ends at 5120. */
const arm64Image = () => {
  const image = Buffer.alloc(5120)
  image.write('ARMd', 56)
  image.writeUInt32LE(64, 60)
  image.writeUInt16LE(2, 64 + 6)
  image.writeUInt16LE(160, 64 + 20)
  const sections = 64 + 24 + 160
  for (const [at, [size, start]] of [
    [1024, 3072],
    [1024, 4096],
  ].entries()) {
    image.writeUInt32LE(size ?? 0, sections + 40 * at + 16)
    image.writeUInt32LE(start ?? 0, sections + 40 * at + 20)
  }
  return image
}

/** A program of ELF of as many octets as its table of two sections ends with. */
const elfImage = () => {
  const image = Buffer.alloc(5120)
  image.write('\x7fELF', 'latin1')
  image.writeBigUInt64LE(4992n, 40)
  image.writeUInt16LE(64, 58)
  image.writeUInt16LE(2, 60)
  return image
}

const zImage = () => {
  const image = Buffer.alloc(131_072)
  image.write('S390EP', 65_544)
  return image
}

const directory = 'linux-image-6.12.1-cloud-amd64'

/** When lists were updated before what was resolved with them. */
const minuteAgo = (): Date => new Date(Date.now() - 60_000)

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
  utimesSync(`${home}/hugepool/apt/updated`, minuteAgo(), minuteAgo())
  return { bin: `${top}/bin`, home, kernels: `${home}/hugepool/kernels` }
}

const kernels = (cache: ReturnType<typeof cacheOf>, environment = {}, words = ['6.12']) => {
  const PATH = `${cache.bin}:${process.env.PATH}`
  const env = { ...process.env, PATH, XDG_CACHE_HOME: cache.home, ...environment }
  const line = ['test/vm/kernels.sh', ...words]
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

/** What is said of a kernel of another architecture that the cache has. */
const foreignKernel = (t: Test, image: Buffer, name: string, series: string) => {
  const cache = cacheOf(t, image)
  mkdirSync(`${cache.home}/hugepool/apt-${name}`)
  writeFileSync(`${cache.home}/hugepool/apt-${name}/updated`, '')
  utimesSync(`${cache.home}/hugepool/apt-${name}/updated`, minuteAgo(), minuteAgo())
  symlinkSync(directory, `${cache.kernels}/series-${name}-${series}`)
  const { status, stdout, stderr } = kernels(cache, {}, ['--arch', name, series])
  return { status, stderr, stdout: stdout.replace(cache.kernels, '') }
}

t.test('kernels of POWER and IBM Z', async (t) => {
  const whole = { status: 0, stderr: '', stdout: `6.1 /${directory}/vmlinuz\n` }
  for (const [name, image] of [
    ['ppc64el', elfImage()],
    ['s390x', zImage()],
  ] as const) {
    t.strictSame(foreignKernel(t, image, name, '6.1'), whole, name)
    for (const bad of [image.subarray(0, -1), kernelImage()]) {
      const { status, stdout } = foreignKernel(t, bad, name, '6.1')
      t.strictSame([status, stdout], [1, ''], `${name}: ${bad.length} octets`)
    }
  }
})

t.test('kernels of arm64 have lists and names of their own', async (t) => {
  const of = (image: Buffer) => foreignKernel(t, image, 'arm64', '6.12')
  t.strictSame(of(arm64Image()), {
    status: 0,
    stderr: '',
    stdout: `6.12 /${directory}/vmlinuz\n`,
  })
  for (const image of [arm64Image().subarray(0, 5119), kernelImage(), Buffer.alloc(0)]) {
    const { status, stdout, stderr } = of(image)
    t.match(stderr, 'no kernel 6.12')
    t.strictSame([status, stdout], [1, ''])
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

/** Programs that stand for dpkg, which unpacks headers, and make, which builds two modules. */
const builders = (bin: string, make: string): void => {
  const dpkg = 'mkdir -p "$3/usr/src/linux-headers-6.12.1-cloud-amd64"'
  const makefile =
    'echo include /usr/src/common >"$3/usr/src/linux-headers-6.12.1-cloud-amd64/Makefile"'
  writeFileSync(`${bin}/dpkg`, `#!/bin/sh\n${dpkg}\n${makefile}\n`, { mode: 0o755 })
  writeFileSync(`${bin}/make`, `#!/bin/sh\n${make}\n`, { mode: 0o755 })
}

const modules = (cache: ReturnType<typeof cacheOf>, directory: string) => {
  const PATH = `${cache.bin}:${process.env.PATH}`
  const env = { ...process.env, PATH, XDG_CACHE_HOME: cache.home }
  mkdirSync(directory)
  const line = ['test/vm/modules.sh', directory, '6.12']
  return spawnSync('sh', line, { env, encoding: 'utf8' })
}

t.test('modules are built once', async (t) => {
  const cache = cacheOf(t, kernelImage())
  const headers = `${cache.home}/hugepool/headers/6.12.1-cloud-amd64`
  mkdirSync(headers, { recursive: true })
  writeFileSync(`${headers}/one.deb`, '')
  // Its words are -s -C HEADERS M=DIRECTORY and the rest.
  builders(cache.bin, 'cp "$3/Makefile" "$(echo "$4" | cut -c 3-)/one.ko"')
  for (const name of ['first', 'second']) {
    const directory = `${cache.bin}/${name}`
    const { status, stderr } = modules(cache, directory)
    t.strictSame({ status, stderr }, { status: 0, stderr: '' })
    t.strictSame(readdirSync(directory), ['modules'], 'nothing else is left')
    const built = `${directory}/modules/6.12.1-cloud-amd64/one.ko`
    t.equal(
      readFileSync(built, 'utf8'),
      `include ${cache.bin}/first/build-6.12.1-cloud-amd64/usr/src/common\n`,
    )
  }
})

t.test('modules that cannot be built', async (t) => {
  const cache = cacheOf(t, kernelImage())
  const none = modules(cache, `${cache.bin}/none`)
  t.match(none.stderr, 'modules: the headers of 6.12.1-cloud-amd64 are not in the archive\n')
  t.equal(none.status, 1)
  const headers = `${cache.home}/hugepool/headers/6.12.1-cloud-amd64`
  mkdirSync(headers, { recursive: true })
  writeFileSync(`${headers}/one.deb`, '')
  builders(cache.bin, 'echo one.c:1: error; exit 2')
  const broken = modules(cache, `${cache.bin}/broken`)
  t.match(broken.stderr, 'one.c:1: error\nmodules: the modules for 6.12.1-cloud-amd64 cannot be')
  t.equal(broken.status, 1)
  t.strictSame(readdirSync(`${cache.home}/hugepool/modules`), [])
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
