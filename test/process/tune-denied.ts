import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { textsBelow } from '../helpers/loader-ports.ts'
import { lines } from '../helpers/on-fake.ts'
import { scratch } from '../helpers/persist.ts'
import { installed, node, spawnLine, spawnProgram, temporary } from '../helpers/run.ts'
import { tunedFiles } from '../helpers/tuned-stage.ts'

t.setTimeout(120_000)

const program = installed()
const tmpfiles = '/etc/tmpfiles.d/10-hugepool.conf'
const sysctls = '/etc/sysctl.d/90-hugepool.conf'
const thp = '/sys/kernel/mm/transparent_hugepage/enabled'
const both = ['tune', 'thp=never', 'shm-group=5', '--persist']
const header = `# 'hugepool tune --persist' writes this file, and keeps nothing but its settings.
# What else this machine should have belongs into a file of another name.
`
const keptTexts = {
  [tmpfiles.slice(1)]: `${header}w ${thp} - - - - never\n`,
  [sysctls.slice(1)]: `${header}vm.hugetlb_shm_group = 5\n`,
}
const changed = lines(
  'KEY         BEFORE  REQUESTED  AFTER  OUTCOME',
  'thp        madvise      never  never  done',
  'shm-group        0          5      5  done',
)
const unchanged = lines(
  'KEY        BEFORE  REQUESTED  AFTER  OUTCOME',
  'thp         never      never  never  unchanged',
  'shm-group       5          5      5  unchanged',
)
const keptNotes = lines(
  `hugepool: note: ${tmpfiles}: sets thp to never at every start`,
  `hugepool: note: ${sysctls}: sets shm-group to 5 at every start`,
)

const machine = (t: Test): string => {
  const root = temporary(t)
  scratch(root, tunedFiles as Readonly<Record<string, string>>)
  chmodSync(root, 0o755)
  return root
}

const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin'

/** A line of shell that runs hugepool, and another that tells its exit status. */
const runs = (root: string, ...words: readonly string[]): readonly string[] => [
  `${node} ${program} ${words.join(' ')} --sysroot ${root} || echo "status $?" >&2`,
]

/** What a script prints in a mount namespace of its own. */
const inNamespace = (...script: readonly string[]) => {
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-rm', 'env', '-i', path, 'sh', '-euc', script.join('\n')],
    { encoding: 'utf8' },
  )
  return { stdout, stderr }
}

/** A small file system in place of a directory, with what was in it and no room for more. */
const fullAt = (directory: string): readonly string[] => [
  `mkdir /tmp/copy.$$ && cp -a ${directory}/. /tmp/copy.$$`,
  `mount -t tmpfs -o size=64k,mode=755 tmpfs ${directory}`,
  `cp -a /tmp/copy.$$/. ${directory} && rm -r /tmp/copy.$$`,
  `! dd if=/dev/zero of=${directory}/fill bs=4k 2>/dev/null`,
]

const noSpace = `hugepool: ${tmpfiles}: no space left on device (ENOSPC)\n`
const listed = (root: string) => `find ${root}/etc -name '*hugepool*' -o -name tmpfiles.d`

t.test('on a full disk the change is told, and neither file is there in part', async (t) => {
  const root = machine(t)
  const full = fullAt(`${root}/etc`)
  t.strictSame(inNamespace(...full, ...runs(root, ...both), listed(root)), {
    stdout: changed,
    stderr: `hugepool: the settings are changed, and no file keeps them\n${noSpace}status 64\n`,
  })
  const again = inNamespace(...full, ...runs(root, ...both), listed(root))
  t.strictSame(again, { stdout: '', stderr: `${noSpace}status 1\n` }, 'nothing was changed')
  const only = inNamespace(...full, ...runs(root, 'tune', 'thp=madvise', '--persist=only'))
  t.strictSame(only, { stdout: '', stderr: `${noSpace}status 1\n` })
  const room = inNamespace(
    ...full,
    `rm ${root}/etc/fill`,
    ...runs(root, ...both),
    `cat ${root}${tmpfiles} ${root}${sysctls}`,
  )
  t.strictSame(
    room,
    { stdout: unchanged + Object.values(keptTexts).join(''), stderr: keptNotes },
    'there is room again',
  )
})

const readOnly = `${tmpfiles}: read-only file system`
const readOnlyHint =
  'hint: make /etc writable, or write it where the image of this machine is made\n'

t.test('a read-only /etc is found before anything is changed', async (t) => {
  const root = machine(t)
  const before = textsBelow(root)
  const at = `${root}/etc`
  const closed = `mount --bind ${at} ${at} && mount -o remount,bind,ro ${at}`
  t.strictSame(inNamespace(closed, ...runs(root, ...both)), {
    stdout: '',
    stderr: `hugepool: ${readOnly}\n${readOnlyHint}status 3\n`,
  })
  const dry = inNamespace(closed, ...runs(root, ...both, '--dry-run'))
  t.strictSame(
    dry.stderr,
    `${keptNotes}hugepool: note: the real run would be refused: ${readOnly}\n${readOnlyHint}`,
  )
  t.strictSame(textsBelow(root), before)
})

t.test('a user without the right is told before anything is changed', async (t) => {
  const root = machine(t)
  const before = textsBelow(root)
  const etc = join(root, 'etc')
  chmodSync(etc, 0o555)
  t.teardown(() => chmodSync(etc, 0o755))
  const options = process.getuid?.() === 0 ? { uid: 65534 } : {}
  const act = (...words: readonly string[]) => {
    const told = spawnProgram(program, [...words, '--sysroot', root], options)
    const { status, stdout, stderr } = told
    return { status, stdout, stderr }
  }
  const denied = `${tmpfiles}: permission denied\nhint: run it as root\n`
  for (const word of ['--persist', '--persist=only'])
    t.strictSame(act('tune', 'thp=never', word), {
      status: 3,
      stdout: '',
      stderr: `hugepool: ${denied}`,
    })
  t.hasStrict(act('tune', 'thp=never', '--persist', '--dry-run'), {
    status: 0,
    stderr: `hugepool: note: ${tmpfiles}: sets thp to never at every start\nhugepool: note: the real run would be refused: ${denied}`,
  })
  t.strictSame(textsBelow(root), before)
})

t.test('killed between its two files, the next one heals', async (t) => {
  for (const when of [1, 2]) {
    const root = machine(t)
    const rule = `inject=rename:signal=KILL:when=${when}`
    const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=rename', '-e', rule]
    const words = [...both, '--sysroot', root]
    const { signal } = spawnProgram(program, words, { under })
    t.equal(signal, 'SIGKILL')
    const written = [tmpfiles, sysctls].filter((name) => textsBelow(root)[name.slice(1)])
    t.strictSame(written, when === 1 ? [] : [tmpfiles])
    const unfinished = () =>
      ['sysctl.d', 'tmpfiles.d'].flatMap((name) => {
        mkdirSync(join(root, 'etc', name), { recursive: true })
        return readdirSync(join(root, 'etc', name)).filter((each) => each.startsWith('.'))
      })
    t.equal(unfinished().length, 1, 'one in the making')
    const already = keptNotes.replace(/(?<=thp.*start)$/m, when === 1 ? '' : ' already')
    const { status, stdout, stderr } = spawnProgram(program, words)
    t.strictSame({ status, stdout, stderr }, { status: 0, stdout: unchanged, stderr: already })
    t.strictSame(unfinished(), [])
    t.hasStrict(textsBelow(root), keptTexts)
  }
})

t.test('a dry run writes nothing, and a reader that has seen enough is no error', async (t) => {
  const root = machine(t)
  const before = textsBelow(root)
  const dry = spawnProgram(program, [...both, '--dry-run', '--sysroot', root])
  t.strictSame([dry.status, dry.stderr], [0, keptNotes])
  t.strictSame(textsBelow(root), before)
  for (const words of [[], ['--json'], ['thp', '-q']]) {
    const line = '{ "$@"; echo "status $?" >&2; } | head -c 0'
    const { stderr } = spawnLine(line, program, ['tune', ...words, '--sysroot', root])
    t.equal(stderr, 'status 0\n', words.join(' '))
  }
})
