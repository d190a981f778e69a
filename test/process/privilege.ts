import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { filesBelow, installed, spawnProgram, treeCopy, treePath } from '../helpers/run.ts'

const program = installed()
const nobody = 65534
/** Root is let pass by every mode, so it is put aside; who is not root runs as he is. */
const unprivileged = process.getuid?.() === 0 ? { uid: nobody } : {}
/** Who made the files may write to them in a user namespace of his own. */
const noNamespace = process.getuid?.() === 0 ? false : 'needs root to become another user'

const readOnly = (name: string): string => {
  const directory = treeCopy(t, name)
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const file = join(directory, path)
    chmodSync(file, statSync(file).isDirectory() ? 0o555 : 0o444)
  }
  t.teardown(() => {
    for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
      chmodSync(join(directory, path), 0o755)
  })
  return directory
}

const directory = readOnly('two-nodes')
const before = filesBelow(directory)
const attempt = (...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnProgram(
    program,
    [...words, '--sysroot', directory],
    unprivileged,
  )
  return { status, stdout, stderr }
}

t.test('list needs no privilege and no writable file', async (t) => {
  const { status, stdout } = spawnProgram(program, [
    'list',
    '-N',
    '--sysroot',
    treePath('two-nodes'),
  ])
  t.strictSame(attempt('list', '-N'), { status, stdout, stderr: '' })
  t.equal(status, 0)
})

t.test('a write without privilege is exit 3 and names the file', async (t) => {
  const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB'
  const large = '/sys/kernel/mm/hugepages/hugepages-1048576kB'
  const node = '/sys/devices/system/node/node1/hugepages/hugepages-1048576kB'
  for (const [words, file] of [
    ['resize 2M=50', `${pool}/nr_hugepages`],
    ['resize 2M=200', `${pool}/nr_hugepages`],
    ['resize 1G=1:0', `${node}/nr_hugepages`],
    ['overcommit 2M=99', `${pool}/nr_overcommit_hugepages`],
    ['demote 1G=1', `${large}/demote`],
  ] as const)
    t.strictSame(
      attempt(...words.split(' ')),
      {
        status: 3,
        stdout: '',
        stderr: `hugepool: ${file}: permission denied\nhint: run it as root\n`,
      },
      words,
    )
  t.strictSame(filesBelow(directory), before)
})

t.test('CAP_DAC_OVERRIDE alone is enough for another user', { skip: noNamespace }, async (t) => {
  const copy = readOnly('two-nodes')
  const line = (capability: string) =>
    spawnProgram(program, ['overcommit', '2M=99', '--sysroot', copy], {
      under: [
        ...['setpriv', '--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups'],
        ...['--inh-caps', '--ambient-caps', '--bounding-set'].map(
          (set) => `${set}=-all,+${capability}`,
        ),
      ],
    })
  const refused = line('sys_admin')
  t.equal(refused.status, 3)
  t.match(refused.stderr, 'hint: user 65534 lacks CAP_DAC_OVERRIDE: run it as root, or give it the')
  const { status, stderr } = line('dac_override')
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
})

t.test('root of a user namespace is not told to become root', { skip: noNamespace }, async (t) => {
  const { status, stdout, stderr } = spawnProgram(
    program,
    ['resize', '2M=50', '--sysroot', directory],
    { ...unprivileged, under: ['unshare', '--user', '--map-root-user'] },
  )
  t.strictSame(
    { status, stdout, stderr },
    {
      status: 3,
      stdout: '',
      stderr: `hugepool: /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages: permission denied
hint: this root is not the machine's (it is user 65534 outside of its user namespace); pools belong to the machine: run it outside of the container, or its manager would have to start it without a user namespace, and with /sys and /proc/sys writable
`,
    },
  )
})

t.test('what changes nothing needs no privilege', async (t) => {
  t.hasStrict(attempt('resize', '1G=1', '--quiet'), { status: 0, stderr: '' })
  t.hasStrict(attempt('overcommit', '2M=16'), { status: 0, stderr: '' })
})

t.test('a dry run needs no privilege', async (t) => {
  t.hasStrict(attempt('resize', '1G=0', '--dry-run'), {
    status: 0,
    stdout: 'echo 0 > /sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages\n',
    stderr: '',
  })
  t.match(attempt('demote', '1G=1', '--dry-run'), { status: 0, stdout: /^echo 1 > .*\/demote\n$/ })
  t.match(attempt('overcommit', '2M=1', '--dry-run'), { status: 0 })
  t.strictSame(filesBelow(directory), before)
})

t.test('without privilege wrong words are wrong words still', async (t) => {
  t.match(attempt('resize', '2M=1x'), { status: 2 })
  t.match(attempt('resize', '64K=1'), { status: 4 })
})

t.test('a counter that may not be read is exit 3', async (t) => {
  const hidden = treeCopy(t, 'one-node')
  chmodSync(join(hidden, 'sys/kernel/mm/hugepages'), 0o000)
  t.teardown(() => chmodSync(join(hidden, 'sys/kernel/mm/hugepages'), 0o755))
  const { status, stdout, stderr } = spawnProgram(
    program,
    ['list', '--sysroot', hidden],
    unprivileged,
  )
  t.match(
    { status, stdout, stderr },
    { status: 3, stdout: /^$/, stderr: /permission denied\nhint: run it as root\n$/ },
  )
})
