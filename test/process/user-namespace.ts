import { mkdirSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import t, { type Test } from 'tap'
import { doctorSchema } from '../../src/output/schemas/doctor-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { installed, node, spawnProgram, temporary } from '../helpers/run.ts'

// What doctor says inside of user namespaces, as containers without the machine's root have them.

const program = installed()
const id = process.getuid?.() === 0 ? 65534 : (process.getuid?.() ?? 65534)
const group = process.getuid?.() === 0 ? 65534 : (process.getgid?.() ?? 65534)
const unprivileged = process.getuid?.() === 0 ? { uid: id } : {}

const pool = readdirSync('/sys/kernel/mm/hugepages')
  .map((name) => Number(/\d+/.exec(name)?.[0]))
  .sort((one, other) => one - other)[0] as number
const size = pool < 1024 ? `${pool}K` : `${pool / 1024}M`

/** The checks of these names, as a program that stands behind `under` gets them. */
const checks = (under: readonly string[], words: readonly string[], names: readonly string[]) => {
  const line = ['doctor', `${size}=1`, ...words, '--json']
  const { stdout, stderr } = spawnProgram(program, line, { ...unprivileged, under })
  if (stdout === '') throw new Error(stderr)
  return doctorSchema.parse(parseExact(stdout)).checks.filter(({ check }) => names.includes(check))
}

const inNamespace = ['unshare', '--user', '--map-root-user']

const namespaceFinding = {
  check: 'user-namespace',
  result: 'warn',
  why: 'its root is not that of the machine: CAP_IPC_LOCK does not count, and nobody mounts hugetlbfs there',
}

t.test('a user namespace is told where it counts', async (t) => {
  const about = (via: string) => checks(inNamespace, ['--via', via], ['user-namespace'])
  t.strictSame(about('shm'), [namespaceFinding])
  t.strictSame(about('file'), [namespaceFinding])
  t.strictSame(about('anon'), [])
  t.strictSame(about('memfd'), [])
  t.strictSame(checks([], ['--via', 'shm'], ['user-namespace']), [], 'and not outside')
})

t.test('its groups are those of the machine for a segment', async (t) => {
  const [inside] = checks(inNamespace, ['--via', 'shm'], ['shm-group'])
  const [outside] = checks([], ['--via', 'shm'], ['shm-group'])
  // The group of the machine is named, and not the number 0 that it has in there.
  if (inside?.result !== 'unknown') t.equal(inside?.needs, `group ${group}`)
  t.equal(outside?.needs, `group ${group}`)
  t.equal(inside?.has, outside?.has)
  const expected = inside?.result === 'unknown' ? inside : outside
  t.equal(inside?.result, expected?.result)
})

/** A root directory that has what a program needs, and no mount of hugetlbfs that it could see. */
const rootAlone = (t: Test): readonly string[] => {
  const root = `${temporary(t, '/tmp')}/root`
  mkdirSync(root, { mode: 0o755 })
  const places = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/proc', '/sys', '/etc']
  const own = [dirname(node), dirname(dirname(program))]
  const script = `
    mount -t tmpfs none "$0" || exit
    for each in ${[...places, ...own].join(' ')}; do
      if [ -L "$each" ]; then ln -s "$(readlink "$each")" "$0$each"; continue; fi
      if [ ! -d "$each" ] || [ -d "$0$each" ]; then continue; fi
      mkdir -p "$0$each" && mount --rbind "$each" "$0$each" || exit
    done
    exec chroot "$0" "$@"`
  return [...inNamespace, '--mount', 'sh', '-c', script, root]
}

t.test('a container without a hugetlbfs is told who can mount one', async (t) => {
  t.strictSame(checks(rootAlone(t), ['--via', 'file'], ['user-namespace', 'mount']), [
    namespaceFinding,
    {
      check: 'mount',
      result: 'fail',
      needs: size,
      why: `no hugetlbfs with pages of ${size} is mounted`,
      hints: [
        'hugetlbfs cannot be mounted from here: mount it outside of the container, and have its manager' +
          ` bind-mount the directory, as Kubernetes does with a volume of 'emptyDir: {medium: HugePages-${size}i}';` +
          ' --via memfd needs none',
      ],
    },
  ])
})
