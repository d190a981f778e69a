import t from 'tap'
import { cgroupsOn } from '../../helpers/fake-cgroups.ts'
import type { FakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { M } from '../../helpers/sizes.ts'
import { type Prepare, refusedOnFake, testOnFake } from '../../helpers/test-on-fake.ts'

const names = (kernel: FakeKernel): void => {
  kernel.extra.set('/etc/passwd', 'root:x:0:0::/:/bin/sh\npostgres:x:70:71::/:/bin/sh\n')
  kernel.extra.set('/etc/group', 'huge:x:90:postgres\n')
}

/** Runs `test` and notes as whom, and from which turn of the calls on. */
const actedAs = async (line: string, prepare: Prepare = () => undefined) => {
  const runs: string[][] = []
  const tested = await testOnFake(line, (kernel, mapper) => {
    names(kernel)
    const calls: string[] = []
    runs.push(calls)
    const { map } = mapper
    mapper.map = (request) => {
      calls.push('map')
      return map(request)
    }
    return { native: nativeOf(kernel, calls), ...prepare(kernel, mapper) }
  })
  return { ...tested, calls: runs[0] ?? [] }
}

t.test('the test is made as the user, and told as the caller', async (t) => {
  const { calls, document, status } = await actedAs('2M=2 --user postgres')
  t.equal(status, 0)
  t.strictSame(calls, ['as 70:71:71,8', 'map', 'as before'])
  t.strictSame([document.user, document.group], ['postgres', undefined])
})

t.test('by number, and in another group', async (t) => {
  t.strictSame((await actedAs('2M=1 --user 70 --group huge')).calls, [
    'as 70:90:90,8',
    'map',
    'as before',
  ])
  const { calls, document } = await actedAs('2M=1 --user 12345 --group 5')
  t.strictSame(calls, ['as 12345:5:5', 'map', 'as before'], 'who has no line has one group')
  t.strictSame([document.user, document.group], ['12345', '5'])
})

t.test('who is the user already stays as it is', async (t) => {
  const self: Prepare = (kernel) => {
    const status = `${kernel.read('/proc/self/status')}`.replace(/^[UG]id:.*\n/gm, '')
    kernel.extra.set('/proc/self/status', `${status}Uid:\t5\t70\t5\t5\nGid:\t6\t71\t6\t6\n`)
    return undefined
  }
  t.strictSame((await actedAs('2M=1 --user postgres', self)).calls, ['map'])
  t.strictSame((await actedAs('2M=1 --user postgres --group 72', self)).calls, [
    'as 70:72:72,8',
    'map',
    'as before',
  ])
})

t.test('holders are looked for as the caller', async (t) => {
  const { calls, document } = await actedAs('2M=12 --user postgres')
  t.equal(document.failure?.errno, 'ENOMEM')
  t.strictSame(calls, ['as 70:71:71,8', 'map', 'as before', 'as 70:71:71,8', 'as before'])
  const touched = await actedAs('2M=12 --noreserve --user postgres')
  t.equal(touched.document.failure?.errno, 'SIGBUS')
  t.strictSame(touched.calls, calls)
})

const hint = 'hint: a user can be given by number too\n'
const tryHelp = "try 'hugepool test --help'\n"

const wrong: readonly (readonly [line: string, stderr: string])[] = [
  ['--user nobody', `hugepool: there is no user 'nobody' in /etc/passwd\n${hint}${tryHelp}`],
  [
    '--user 12345',
    `hugepool: user 12345 has no line in /etc/passwd that tells its group\nhint: name the group with --group\n${tryHelp}`,
  ],
  [
    '--user postgres --group none',
    `hugepool: there is no group 'none' in /etc/group\n${hint.replace('user', 'group')}${tryHelp}`,
  ],
  ['--group huge', `hugepool: --group is for --user\n${tryHelp}`],
  ['--user=', `hugepool: --user needs a value: USER\n${tryHelp}`],
  [
    '--cgroup a',
    `hugepool: 'a' is not the path of a cgroup\nhint: it begins with a slash, as in /proc/PID/cgroup\n${tryHelp}`,
  ],
]

t.test('users and groups that are not there', async (t) => {
  for (const [line, stderr] of wrong) {
    const result = await refusedOnFake(`2M=1 ${line}`, (kernel) => {
      names(kernel)
      cgroupsOn(kernel)
      kernel.write = () => {
        throw new Error('nothing is changed before all words are understood')
      }
      return undefined
    })
    t.strictSame(result, { ...result, status: 2, stdout: '', stderr }, line)
  }
})

const refusing =
  (code: string): Prepare =>
  (kernel) => {
    names(kernel)
    const actAs = () => {
      throw Object.assign(new Error(code), { code, syscall: 'setgroups' })
    }
    return { native: { ...nativeOf(kernel), actAs } }
  }

t.test('who may not, and users that a namespace does not have', async (t) => {
  for (const [code, status, words, hint] of [
    [
      'EPERM',
      3,
      'only root (CAP_SETUID and CAP_SETGID) may make the test as another user',
      'run it as root',
    ],
    [
      'EINVAL',
      4,
      'this user namespace does not have the user or one of its groups (EINVAL)',
      'run it outside of the container',
    ],
  ] as const) {
    const result = await refusedOnFake('2M=1 --user postgres', refusing(code))
    const stderr = `hugepool: --user postgres: ${words}\nhint: ${hint}\n`
    t.strictSame(result, { ...result, status, stdout: '', stderr }, code)
  }
})

t.test('another user does not become root, whatever its capabilities', async (t) => {
  const asUser =
    (own: number): Prepare =>
    (kernel) => {
      names(kernel)
      const status = `${kernel.read('/proc/self/status')}`.replace(/^Uid:.*\n/gm, '')
      kernel.extra.set('/proc/self/status', `${status}Uid:\t0\t${own}\t0\t0\n`)
      return { native: nativeOf(kernel, calls) }
    }
  const calls: string[] = []
  for (const line of ['--user root', '--user 0 --group 5']) {
    const result = await refusedOnFake(`2M=1 ${line}`, asUser(1000))
    const option = line.replace(/ --group.*/, '')
    const stderr = `hugepool: ${option}: only root may make the test as root\nhint: start hugepool as root, or name another user\n`
    t.strictSame(result, { ...result, status: 3, stdout: '', stderr }, line)
  }
  t.strictSame(calls, [])
  t.equal((await testOnFake('2M=1 --user root --group 5', asUser(0))).status, 0)
  t.strictSame(calls.slice(0, 2), ['as 0:5:5,4', 'as before'])
})

t.test('a cgroup is entered before the user is another one, and its limits count', async (t) => {
  const limits = {
    '/a/hugetlb.2MB.rsvd.max': `${4n * M}\n`,
    '/a/hugetlb.2MB.rsvd.current': '0\n',
  }
  const { stderr, status, document, kernel } = await actedAs(
    '2M=12 --user postgres --cgroup /a',
    (kernel) => {
      cgroupsOn(kernel, limits)
      return undefined
    },
  )
  t.equal(status, 1)
  t.equal(document.cgroup, '/a')
  t.match(stderr, 'the cgroup /a allows 4M (hugetlb.2MB.rsvd.max) and has 0: too little')
  t.equal(`${kernel.read('/proc/self/cgroup')}`, '0::/a\n')
})
