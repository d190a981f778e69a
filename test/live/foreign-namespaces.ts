import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { liveOn } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { mountOn } from './support/mounted.ts'
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
  '/proc-of-its-own/self/status',
]

/** Makes the root of a container with a hugetlbfs and the program that is to run in it. */
const hostileRoot = async (): Promise<string> => {
  const root = temporaryDirectory()
  chmodSync(root, 0o755)
  for (const path of [...hostile, `${zooDirectory()}/zoo`])
    mkdirSync(dirname(`${root}${path}`), { recursive: true })
  for (const path of hostile)
    writeFileSync(`${root}${path}`, 'root:evil:0:0::/:/evil\n/lib/evil.so\n')
  copyFileSync(`${zooDirectory()}/zoo`, `${root}${zooDirectory()}/zoo`)
  mkdirSync(`${root}/huge-of-container`)
  await mountOn(`${root}/huge-of-container`)
  return root
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
