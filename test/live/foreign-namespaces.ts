import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { atEnd, liveOn } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { mountOn } from './support/mounted.ts'
import { run } from './support/program.ts'
import { type Call, temporaryDirectory, trace } from './support/trace.ts'
import { animal, zooDirectory } from './support/zoo.ts'

const live = liveOn('pools that can be set', 'processes: privilege')

/** Files that a program would load or believe if it took the root of a container for its own. */
const hostile = [
  '/etc/passwd',
  '/etc/group',
  '/etc/nsswitch.conf',
  '/etc/ld.so.preload',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/hugepool.toml',
  '/etc/mtab',
  '/usr/lib/locale/locale-archive',
  '/lib/evil.so',
  '/proc/self/status',
  '/proc/thread-self/mountinfo',
  '/proc/sysvipc/shm',
  '/usr/bin/node',
]

const hugeName = '/huge-of-container'

/** Makes the root of a container with a hugetlbfs and the program that is to run in it. */
const hostileRoot = async (): Promise<string> => {
  const root = temporaryDirectory()
  chmodSync(root, 0o755)
  for (const path of [...hostile, `${zooDirectory()}/zoo`])
    mkdirSync(dirname(`${root}${path}`), { recursive: true })
  for (const path of hostile)
    writeFileSync(`${root}${path}`, 'root:evil:0:0::/:/evil\n/lib/evil.so\n')
  copyFileSync(`${zooDirectory()}/zoo`, `${root}${zooDirectory()}/zoo`)
  mkdirSync(`${root}${hugeName}`)
  return root
}

const ran = async (...line: readonly string[]): Promise<void> => {
  const { status, err } = await run(line)
  if (status !== 0) throw new Error(`${line.join(' ')}: ${err}`)
}

/**
 * Makes a mount namespace that no process is in, whose root is the root of a container with a file on
 * hugetlbfs. A mount of its file keeps it. Who enters a namespace gets what is mounted last on its root
 * (mntns_install in fs/namespace.c); pivot_root(2) would not leave the first root file system of a guest.
 */
const keptRoot = async (root: string): Promise<void> => {
  const keep = temporaryDirectory()
  writeFileSync(`${keep}/mnt`, '')
  await ran('mount', '--bind', keep, keep)
  atEnd(() => run(['umount', '-l', keep]).then(() => undefined))
  await ran('mount', '--make-private', keep)
  const script = `
    mount --bind "$0" "$0"
    cd "$0"
    mount -t hugetlbfs -o pagesize=${smallest} none .${hugeName}
    "$1" ${Math.log2(smallest)} 2 2 shared file="$0${hugeName}/f" </dev/null >/dev/null
    mount -o move . /`
  const holder = process.env.HUGEPOOL_TEST_HOLDER ?? ''
  await ran('unshare', `--mount=${keep}/mnt`, 'sh', '-euc', script, root, holder)
}

const opens = ['open', 'openat', 'openat2'] as const
const runs = ['execve', 'execveat', 'uselib'] as const

/** The calls of each thread that entered a namespace, from then on. */
const inside = (calls: readonly Call[]): readonly string[] =>
  calls.flatMap(({ thread, text }, at) =>
    !text.startsWith('setns(') &&
    calls.slice(0, at).some((call) => call.thread === thread && call.text.startsWith('setns('))
      ? [text]
      : [],
  )

/** What the addon does in an IPC and in a mount namespace. */
const own =
  /^openat\(AT_FDCWD<[^>]*>, "\/proc\/sysvipc\/shm"|^openat\(\d+<\/proc>, "thread-self\/mountinfo"|^openat\(AT_FDCWD<[^>]*>, "\/", O_[^)]*O_PATH/

for (const words of [['who', sizeName(smallest)], ['who', '--json'], ['files']])
  live(`${words.join(' ')} runs and loads nothing of a foreign namespace`, async (t) => {
    setPool(smallest, 4)
    const root = await hostileRoot()
    await mountOn(`${root}${hugeName}`)
    const by = ['unshare', '-Urmpi', '--fork', 'env', 'LD_PRELOAD=/lib/evil.so', 'chroot', root]
    const file = await animal('file', 2, { file: '/huge-of-container/f', by })
    const segment = await animal('segment', 1, { by })
    const { status, out, calls } = await trace([...opens, ...runs, 'setns'], ...words)
    t.equal(status, 0)
    if (words[0] === 'files') t.match(out, '/huge-of-container/f')
    t.ok(calls.some(({ text }) => text.startsWith('openat(')))
    t.strictSame(
      calls.filter(({ text }) => runs.some((name) => text.startsWith(`${name}(`))).slice(1),
      [],
      'no program is run after hugepool itself',
    )
    const texts = calls.map(({ text }) => text)
    t.strictSame(
      texts.filter((text) => hostile.some((path) => text.includes(`${root}${path}`))),
      [],
      'none of its files is opened',
    )
    const below = texts.filter((text) => text.includes(`<${root}`) || text.includes('/root/'))
    t.strictSame(
      below.filter((text) => !/O_PATH|O_DIRECTORY|huge-of-container/.test(text)),
      [],
      'and none but on hugetlbfs',
    )
    t.strictSame(
      inside(calls).filter((text) => !own.test(text)),
      [],
      'in a namespace the kernel is asked alone',
    )
    await file.release()
    await segment.release()
  })

/** The paths that calls name below a descriptor, such as that of the root of a namespace. */
const belowDescriptors = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => /"\/proc\/self\/fd\/\d+(\/[^"]*)"/.exec(text)?.[1] ?? [])

for (const words of [['who', sizeName(smallest)], ['files']])
  live(
    `${words.join(' ')} enters namespaces without a process and believes nothing there`,
    async (t) => {
      setPool(smallest, 4)
      await keptRoot(await hostileRoot())
      const segment = await animal('segment-kept', 1)
      const { status, out, calls } = await trace([...opens, ...runs, 'setns'], ...words)
      t.equal(status, 0)
      t.match(out, `${hugeName}/f`)
      const texts = calls.map(({ text }) => text)
      const entered = (kind: string) =>
        texts.some((text) => text.startsWith('setns(') && text.endsWith(`${kind}) = 0`))
      t.ok(entered('CLONE_NEWNS'), 'the mount namespace')
      if (words[0] === 'who') t.ok(entered('CLONE_NEWIPC'), 'the IPC namespace')
      const after = inside(calls)
      t.ok(after.length > 0)
      t.strictSame(
        after.filter((text) => !own.test(text)),
        [],
        'in a namespace the kernel is asked alone',
      )
      t.ok(
        after.some((text) => /\/mountinfo>$/.test(text)),
        'and by the /proc of this namespace',
      )
      const below = belowDescriptors(texts)
      t.ok(below.some((path) => path.startsWith(hugeName)))
      t.strictSame(
        below.filter((path) => hostile.includes(path)),
        [],
        'no other file of its root is opened',
      )
      await segment.release()
    },
  )
