import { chmodSync, existsSync } from 'node:fs'
import { mountSchema, mountsSchema } from '../../src/output/schemas/mounts-schema.ts'
import { errorSchema } from '../../src/output/schemas/parts.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn } from './support/live.ts'
import { defaultSize, setPool, sizeName } from './support/machine.ts'
import { mountJson, mountPoint, mountRoom, mountsBelow } from './support/mounts.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import { hugepoolLine, run } from './support/program.ts'

const users = liveOn('pools that can be set', 'processes: privilege')
const traced = liveOn('pools that can be set', 'processes: privilege')

const lacking = `operation not permitted
hint: mounting hugetlbfs needs CAP_SYS_ADMIN outside of any user namespace: run it as root
`

const inNamespace = `operation not permitted
hint: this root is not the machine's (it has no capabilities outside of its user namespace); hugetlbfs cannot be mounted in a user namespace: mount it outside of the container, and have its manager bind-mount the directory
`

/** Runs hugepool with some of its system calls tampered with, by the rules of strace's inject=. */
const tampered = (injection: string, ...words: readonly string[]) => {
  const [calls = ''] = injection.split(':')
  const strace = ['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`]
  return run([...strace, '-e', `inject=${injection}`, ...hugepoolLine, ...words])
}

users('without privilege it says what is lacking', async (t) => {
  const room = mountRoom()
  chmodSync(room, 0o777)
  const copy = readableCopy()
  const { status, err } = await asNobody(copy, 'mount', `${room}/new`, '--mkdir')
  t.strictSame({ status, err }, { status: 3, err: `hugepool: mount ${room}/new: ${lacking}` })
  t.notOk(existsSync(`${room}/new`), 'and leaves no directory')
  const { out } = await asNobody(copy, 'mount', `${room}/new`, '--mkdir', '--json')
  t.equal(errorSchema.parse(parseExact(out)).error.code, 'E_PERMISSION')
  const dry = await asNobody(copy, 'mount', `${room}/new`, '--mkdir', '--dry-run')
  const note = 'hugepool: note: the real run would be refused: '
  const told = `${note}mount ${room}/new: ${lacking}`
  t.strictSame([dry.status, dry.err], [0, told], 'a dry run needs none, and says so')
})

users('without privilege mounts shows what can be seen', async (t) => {
  setPool(defaultSize, 2)
  const target = mountPoint()
  chmodSync(`${target}/..`, 0o711)
  const size = ['--size', `${defaultSize}`]
  t.equal((await mountJson(target, ...size, '--mode', '0700')).status, 0)
  const { status, out } = await asNobody(readableCopy(), 'mounts', '--json')
  const { mounts } = mountsSchema.parse(parseExact(out))
  const found = mounts.find((mount) => mount.target === target)
  t.strictSame([status, found?.size, found?.free], [0, BigInt(defaultSize), BigInt(defaultSize)])
  t.notOk('files' in (found ?? {}), 'files cannot be counted')
  chmodSync(`${target}/..`, 0o700)
  const hidden = mountsSchema.parse(
    parseExact((await asNobody(readableCopy(), 'mounts', '--json')).out),
  )
  const other = hidden.mounts.find((mount) => mount.target === target) ?? {}
  t.strictSame(
    ['size' in other, 'used' in other, 'free' in other, 'files' in other],
    [true, false, false, false],
  )
})

users('in a user namespace the kernel permits no hugetlbfs', async (t) => {
  const target = mountPoint()
  const { status, err } = await run(['unshare', '-r', '-m', ...hugepoolLine, 'mount', target])
  t.strictSame({ status, err }, { status: 3, err: `hugepool: mount ${target}: ${inNamespace}` })
  t.strictSame(mountsBelow(target), [])
})

traced('where fsopen is missing or filtered out, mount(2) makes the same mount', async (t) => {
  setPool(defaultSize, 4)
  for (const errno of ['ENOSYS', 'EPERM']) {
    const target = mountPoint()
    const words = [
      '--size',
      `${2 * defaultSize}`,
      '--min-size',
      '25%',
      '--uid',
      '5',
      '--mode',
      '0770',
    ]
    const { status, err } = await tampered(`fsopen:error=${errno}`, 'mount', target, ...words)
    t.strictSame({ status, err }, { status: 0, err: '' }, errno)
    t.equal((await mountJson(target, ...words)).document.outcome, 'unchanged')
  }
})

traced('what the kernel did not do is told', async (t) => {
  setPool(defaultSize, 4)
  const target = mountPoint()
  // source, uid, gid, mode, pagesize, size: the sixth call only seems to be made.
  const words = ['mount', target, '--size', `${2 * defaultSize}`, '--json']
  const { status, err, out } = await tampered('fsconfig:retval=0:when=6', ...words)
  t.equal(status, 64)
  const size = sizeName(2 * defaultSize)
  t.equal(err, `hugepool: ${target}: size: - instead of ${size}\n`)
  const { outcome, differences } = mountSchema.parse(parseExact(out))
  t.strictSame(
    { outcome, differences },
    { outcome: 'partial', differences: [{ option: 'size', wanted: size, found: '-' }] },
  )
})

traced('what the kernel refuses is told, and nothing is left', async (t) => {
  const room = mountRoom()
  const target = `${room}/new/here`
  for (const [injection, words] of [
    ['fsconfig:error=ENOMEM:when=6', 'no memory for it \\(ENOMEM\\)'],
    ['fsconfig:error=EINVAL:when=5', 'the kernel rejects pagesize='],
    ['fsmount:error=ENOSPC', 'ENOSPC'],
    ['move_mount:error=EINVAL', 'EINVAL'],
  ] as const) {
    const { status, err } = await tampered(injection, 'mount', target, '--mkdir')
    t.equal(status, 1, injection)
    t.match(err, new RegExp(`^hugepool: mount ${target}: .*${words}`))
    t.notOk(existsSync(`${room}/new`))
  }
})
